# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import FileSearchOptionsParam as FileSearch
from assistream.types.inputs import FileSearchRankingOptionsParam as FileSearchRankingOptions
from assistream.types.inputs import FileSearchToolParam

__all__ = ["FileSearch", "FileSearchRankingOptions", "FileSearchToolParam"]
