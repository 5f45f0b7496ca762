# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.stores import VectorStoreSearchContent as Content
from assistream.types.stores import VectorStoreSearchResponse

__all__ = ["Content", "VectorStoreSearchResponse"]
