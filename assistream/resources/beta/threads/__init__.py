# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.resources._async import AsyncRuns, AsyncThreads
from assistream.resources._sync import Runs, Threads
from assistream.resources.messages import (
    AsyncMessages,
    AsyncMessagesWithRawResponse,
    AsyncMessagesWithStreamingResponse,
    Messages,
    MessagesWithRawResponse,
    MessagesWithStreamingResponse,
)
from assistream.resources.views._async import (
    AsyncRunsWithRawResponse,
    AsyncRunsWithStreamingResponse,
    AsyncThreadsWithRawResponse,
    AsyncThreadsWithStreamingResponse,
)
from assistream.resources.views._sync import (
    RunsWithRawResponse,
    RunsWithStreamingResponse,
    ThreadsWithRawResponse,
    ThreadsWithStreamingResponse,
)

if TYPE_CHECKING:
    from . import messages as messages
    from . import runs as runs
    from . import threads as threads
else:
    __getattr__ = submodules(__name__)

__all__ = [
    "AsyncMessages",
    "AsyncMessagesWithRawResponse",
    "AsyncMessagesWithStreamingResponse",
    "AsyncRuns",
    "AsyncRunsWithRawResponse",
    "AsyncRunsWithStreamingResponse",
    "AsyncThreads",
    "AsyncThreadsWithRawResponse",
    "AsyncThreadsWithStreamingResponse",
    "Messages",
    "MessagesWithRawResponse",
    "MessagesWithStreamingResponse",
    "Runs",
    "RunsWithRawResponse",
    "RunsWithStreamingResponse",
    "Threads",
    "ThreadsWithRawResponse",
    "ThreadsWithStreamingResponse",
]
