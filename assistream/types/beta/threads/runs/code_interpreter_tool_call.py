# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import CodeInterpreter, CodeInterpreterOutput, CodeInterpreterToolCall
from assistream.types.steps import CodeInterpreterImage as CodeInterpreterOutputImageImage
from assistream.types.steps import CodeInterpreterImageOutput as CodeInterpreterOutputImage
from assistream.types.steps import CodeInterpreterLogsOutput as CodeInterpreterOutputLogs

__all__ = [
    "CodeInterpreter",
    "CodeInterpreterOutput",
    "CodeInterpreterOutputImage",
    "CodeInterpreterOutputImageImage",
    "CodeInterpreterOutputLogs",
    "CodeInterpreterToolCall",
]
