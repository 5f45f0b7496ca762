# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.params import StepListParams

__all__ = ["StepListParams"]
