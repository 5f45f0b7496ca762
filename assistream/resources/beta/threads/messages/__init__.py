# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.resources.message_files import AsyncMessageFiles as AsyncFiles
from assistream.resources.message_files import AsyncMessageFilesWithRawResponse as AsyncFilesWithRawResponse
from assistream.resources.message_files import AsyncMessageFilesWithStreamingResponse as AsyncFilesWithStreamingResponse
from assistream.resources.message_files import MessageFiles as Files
from assistream.resources.message_files import MessageFilesWithRawResponse as FilesWithRawResponse
from assistream.resources.message_files import MessageFilesWithStreamingResponse as FilesWithStreamingResponse
from assistream.resources.messages import (
    AsyncMessages,
    AsyncMessagesWithRawResponse,
    AsyncMessagesWithStreamingResponse,
    Messages,
    MessagesWithRawResponse,
    MessagesWithStreamingResponse,
)

if TYPE_CHECKING:
    from . import files as files
    from . import messages as messages
else:
    __getattr__ = submodules(__name__)

__all__ = [
    "AsyncFiles",
    "AsyncFilesWithRawResponse",
    "AsyncFilesWithStreamingResponse",
    "AsyncMessages",
    "AsyncMessagesWithRawResponse",
    "AsyncMessagesWithStreamingResponse",
    "Files",
    "FilesWithRawResponse",
    "FilesWithStreamingResponse",
    "Messages",
    "MessagesWithRawResponse",
    "MessagesWithStreamingResponse",
]
