# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.types.assistants import AssistantFile
from assistream.types.assistants import AssistantFileDeleted as FileDeleteResponse
from assistream.types.params import PageParams as FileListParams
from assistream.types.store_params import AssistantFileCreateParams as FileCreateParams

if TYPE_CHECKING:
    from . import assistant_file as assistant_file
    from . import file_create_params as file_create_params
    from . import file_delete_response as file_delete_response
    from . import file_list_params as file_list_params
else:
    __getattr__ = submodules(__name__)

__all__ = ["AssistantFile", "FileCreateParams", "FileDeleteResponse", "FileListParams"]
