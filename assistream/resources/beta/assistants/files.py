# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.resources.assistant_files import AssistantFiles as Files
from assistream.resources.assistant_files import AssistantFilesWithRawResponse as FilesWithRawResponse
from assistream.resources.assistant_files import AssistantFilesWithStreamingResponse as FilesWithStreamingResponse
from assistream.resources.assistant_files import AsyncAssistantFiles as AsyncFiles
from assistream.resources.assistant_files import AsyncAssistantFilesWithRawResponse as AsyncFilesWithRawResponse
from assistream.resources.assistant_files import (
    AsyncAssistantFilesWithStreamingResponse as AsyncFilesWithStreamingResponse,
)

__all__ = [
    "AsyncFiles",
    "AsyncFilesWithRawResponse",
    "AsyncFilesWithStreamingResponse",
    "Files",
    "FilesWithRawResponse",
    "FilesWithStreamingResponse",
]
