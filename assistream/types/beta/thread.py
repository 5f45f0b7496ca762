# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.assistants import ToolResources, ToolResourcesCodeInterpreter, ToolResourcesFileSearch
from assistream.types.threads import Thread

__all__ = ["Thread", "ToolResources", "ToolResourcesCodeInterpreter", "ToolResourcesFileSearch"]
