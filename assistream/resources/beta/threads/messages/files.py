# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.resources.message_files import AsyncMessageFiles as AsyncFiles
from assistream.resources.message_files import AsyncMessageFilesWithRawResponse as AsyncFilesWithRawResponse
from assistream.resources.message_files import AsyncMessageFilesWithStreamingResponse as AsyncFilesWithStreamingResponse
from assistream.resources.message_files import MessageFiles as Files
from assistream.resources.message_files import MessageFilesWithRawResponse as FilesWithRawResponse
from assistream.resources.message_files import MessageFilesWithStreamingResponse as FilesWithStreamingResponse

__all__ = [
    "AsyncFiles",
    "AsyncFilesWithRawResponse",
    "AsyncFilesWithStreamingResponse",
    "Files",
    "FilesWithRawResponse",
    "FilesWithStreamingResponse",
]
