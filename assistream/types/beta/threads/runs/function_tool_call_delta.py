# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import FunctionDelta as Function
from assistream.types.steps import FunctionToolCallDelta

__all__ = ["Function", "FunctionToolCallDelta"]
