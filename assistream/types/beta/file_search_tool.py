# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.assistants import FileSearchTool
from assistream.types.assistants import FileSearchToolOptions as FileSearch
from assistream.types.assistants import FileSearchToolRankingOptions as FileSearchRankingOptions

__all__ = ["FileSearch", "FileSearchRankingOptions", "FileSearchTool"]
