# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import ToolResourcesCodeInterpreterParam as ToolResourcesCodeInterpreter
from assistream.types.inputs import ToolResourcesFileSearchParam as ToolResourcesFileSearch
from assistream.types.inputs import ToolResourcesParam as ToolResources
from assistream.types.params import ThreadUpdateParams

__all__ = ["ThreadUpdateParams", "ToolResources", "ToolResourcesCodeInterpreter", "ToolResourcesFileSearch"]
