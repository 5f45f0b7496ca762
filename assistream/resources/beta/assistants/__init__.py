# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.resources.assistant_files import AssistantFiles as Files
from assistream.resources.assistant_files import AssistantFilesWithRawResponse as FilesWithRawResponse
from assistream.resources.assistant_files import AssistantFilesWithStreamingResponse as FilesWithStreamingResponse
from assistream.resources.assistant_files import AsyncAssistantFiles as AsyncFiles
from assistream.resources.assistant_files import AsyncAssistantFilesWithRawResponse as AsyncFilesWithRawResponse
from assistream.resources.assistant_files import (
    AsyncAssistantFilesWithStreamingResponse as AsyncFilesWithStreamingResponse,
)
from assistream.resources.assistants import (
    Assistants,
    AssistantsWithRawResponse,
    AssistantsWithStreamingResponse,
    AsyncAssistants,
    AsyncAssistantsWithRawResponse,
    AsyncAssistantsWithStreamingResponse,
)

if TYPE_CHECKING:
    from . import assistants as assistants
    from . import files as files
else:
    __getattr__ = submodules(__name__)

__all__ = [
    "Assistants",
    "AssistantsWithRawResponse",
    "AssistantsWithStreamingResponse",
    "AsyncAssistants",
    "AsyncAssistantsWithRawResponse",
    "AsyncAssistantsWithStreamingResponse",
    "AsyncFiles",
    "AsyncFilesWithRawResponse",
    "AsyncFilesWithStreamingResponse",
    "Files",
    "FilesWithRawResponse",
    "FilesWithStreamingResponse",
]
