# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.assistants import Assistant, ToolResources, ToolResourcesCodeInterpreter, ToolResourcesFileSearch

__all__ = ["Assistant", "ToolResources", "ToolResourcesCodeInterpreter", "ToolResourcesFileSearch"]
