# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.stores import VectorStoreFile
from assistream.types.stores import VectorStoreFileError as LastError

__all__ = ["LastError", "VectorStoreFile"]
