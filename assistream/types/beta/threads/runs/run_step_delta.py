# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import RunStepDelta
from assistream.types.steps import StepDetailsDelta as StepDetails

__all__ = ["RunStepDelta", "StepDetails"]
