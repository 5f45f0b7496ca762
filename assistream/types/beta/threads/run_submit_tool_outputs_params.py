# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import ToolOutput
from assistream.types.params import RunSubmitToolOutputsParams
from assistream.types.params import RunSubmitToolOutputsParams as RunSubmitToolOutputsParamsBase
from assistream.types.params import RunSubmitToolOutputsParams as RunSubmitToolOutputsParamsNonStreaming
from assistream.types.params import RunSubmitToolOutputsParams as RunSubmitToolOutputsParamsStreaming

__all__ = [
    "RunSubmitToolOutputsParams",
    "RunSubmitToolOutputsParamsBase",
    "RunSubmitToolOutputsParamsNonStreaming",
    "RunSubmitToolOutputsParamsStreaming",
    "ToolOutput",
]
