# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.runs import RequiredActionFunction as Function
from assistream.types.runs import RequiredActionFunctionToolCall

__all__ = ["Function", "RequiredActionFunctionToolCall"]
