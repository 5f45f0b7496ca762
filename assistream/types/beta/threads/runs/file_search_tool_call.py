# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import (
    FileSearch,
    FileSearchRankingOptions,
    FileSearchResult,
    FileSearchResultContent,
    FileSearchToolCall,
)

__all__ = [
    "FileSearch",
    "FileSearchRankingOptions",
    "FileSearchResult",
    "FileSearchResultContent",
    "FileSearchToolCall",
]
