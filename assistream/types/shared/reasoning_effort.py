# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import ReasoningEffort

__all__ = ["ReasoningEffort"]
