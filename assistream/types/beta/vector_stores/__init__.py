# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.stores import VectorStoreFile, VectorStoreFileBatch, VectorStoreFileDeleted

__all__ = ["VectorStoreFile", "VectorStoreFileBatch", "VectorStoreFileDeleted"]
