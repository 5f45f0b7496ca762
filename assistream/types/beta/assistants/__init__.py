# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.assistants import AssistantFile
from assistream.types.assistants import AssistantFileDeleted as FileDeleteResponse
from assistream.types.params import PageParams as FileListParams
from assistream.types.store_params import AssistantFileCreateParams as FileCreateParams

__all__ = ["AssistantFile", "FileCreateParams", "FileDeleteResponse", "FileListParams"]
