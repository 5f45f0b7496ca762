# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.resources._async import AsyncThreads
from assistream.resources._sync import Threads
from assistream.resources.views._async import AsyncThreadsWithRawResponse, AsyncThreadsWithStreamingResponse
from assistream.resources.views._sync import ThreadsWithRawResponse, ThreadsWithStreamingResponse

__all__ = [
    "AsyncThreads",
    "AsyncThreadsWithRawResponse",
    "AsyncThreadsWithStreamingResponse",
    "Threads",
    "ThreadsWithRawResponse",
    "ThreadsWithStreamingResponse",
]
