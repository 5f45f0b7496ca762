# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.runs import (
    LastError,
    RequiredAction,
    RequiredActionSubmitToolOutputs,
    Run,
    TruncationStrategy,
    Usage,
)
from assistream.types.runs import RunIncompleteDetails as IncompleteDetails

__all__ = [
    "IncompleteDetails",
    "LastError",
    "RequiredAction",
    "RequiredActionSubmitToolOutputs",
    "Run",
    "TruncationStrategy",
    "Usage",
]
