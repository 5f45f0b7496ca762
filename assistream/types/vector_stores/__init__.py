# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.types.store_params import FileBatchCreateParams
from assistream.types.store_params import VectorStoreFileCreateParams as FileCreateParams
from assistream.types.store_params import VectorStoreFileListParams as FileBatchListFilesParams
from assistream.types.store_params import VectorStoreFileListParams as FileListParams
from assistream.types.store_params import VectorStoreFileUpdateParams as FileUpdateParams
from assistream.types.stores import FileContentResponse, VectorStoreFile, VectorStoreFileBatch, VectorStoreFileDeleted

if TYPE_CHECKING:
    from . import file_batch_create_params as file_batch_create_params
    from . import file_batch_list_files_params as file_batch_list_files_params
    from . import file_content_response as file_content_response
    from . import file_create_params as file_create_params
    from . import file_list_params as file_list_params
    from . import file_update_params as file_update_params
    from . import vector_store_file as vector_store_file
    from . import vector_store_file_batch as vector_store_file_batch
    from . import vector_store_file_deleted as vector_store_file_deleted
else:
    __getattr__ = submodules(__name__)

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
