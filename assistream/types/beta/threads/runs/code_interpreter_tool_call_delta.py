# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import CodeInterpreterDelta as CodeInterpreter
from assistream.types.steps import CodeInterpreterOutputDelta as CodeInterpreterOutput
from assistream.types.steps import CodeInterpreterToolCallDelta

__all__ = ["CodeInterpreter", "CodeInterpreterOutput", "CodeInterpreterToolCallDelta"]
