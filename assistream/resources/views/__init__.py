"""The raw and the streaming views of runs and threads, whose operations take `stream`."""

from __future__ import annotations

from ._async import (
    AsyncRunsWithRawResponse,
    AsyncRunsWithStreamingResponse,
    AsyncThreadsWithRawResponse,
    AsyncThreadsWithStreamingResponse,
)
from ._sync import (
    RunsWithRawResponse,
    RunsWithStreamingResponse,
    ThreadsWithRawResponse,
    ThreadsWithStreamingResponse,
)

__all__ = [
    "AsyncRunsWithRawResponse",
    "AsyncRunsWithStreamingResponse",
    "AsyncThreadsWithRawResponse",
    "AsyncThreadsWithStreamingResponse",
    "RunsWithRawResponse",
    "RunsWithStreamingResponse",
    "ThreadsWithRawResponse",
    "ThreadsWithStreamingResponse",
]
