# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import Function, FunctionToolCall

__all__ = ["Function", "FunctionToolCall"]
