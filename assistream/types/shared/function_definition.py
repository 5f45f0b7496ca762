# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.assistants import FunctionDefinition

__all__ = ["FunctionDefinition"]
