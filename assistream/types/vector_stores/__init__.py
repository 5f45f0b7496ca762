# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.store_params import FileBatchCreateParams
from assistream.types.store_params import VectorStoreFileCreateParams as FileCreateParams
from assistream.types.store_params import VectorStoreFileListParams as FileBatchListFilesParams
from assistream.types.store_params import VectorStoreFileListParams as FileListParams
from assistream.types.store_params import VectorStoreFileUpdateParams as FileUpdateParams
from assistream.types.stores import FileContentResponse, VectorStoreFile, VectorStoreFileBatch, VectorStoreFileDeleted

__all__ = [
    "FileBatchCreateParams",
    "FileBatchListFilesParams",
    "FileContentResponse",
    "FileCreateParams",
    "FileListParams",
    "FileUpdateParams",
    "VectorStoreFile",
    "VectorStoreFileBatch",
    "VectorStoreFileDeleted",
]
