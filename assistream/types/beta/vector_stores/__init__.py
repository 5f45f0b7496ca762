# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.types.stores import VectorStoreFile, VectorStoreFileBatch, VectorStoreFileDeleted

if TYPE_CHECKING:
    from . import vector_store_file as vector_store_file
    from . import vector_store_file_batch as vector_store_file_batch
    from . import vector_store_file_deleted as vector_store_file_deleted
else:
    __getattr__ = submodules(__name__)

__all__ = ["VectorStoreFile", "VectorStoreFileBatch", "VectorStoreFileDeleted"]
