# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.runs import LastError, Usage
from assistream.types.steps import RunStep, StepDetails

__all__ = ["LastError", "RunStep", "StepDetails", "Usage"]
