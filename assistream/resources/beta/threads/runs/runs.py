# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.resources._async import AsyncRuns
from assistream.resources._sync import Runs
from assistream.resources.views._async import AsyncRunsWithRawResponse, AsyncRunsWithStreamingResponse
from assistream.resources.views._sync import RunsWithRawResponse, RunsWithStreamingResponse

__all__ = [
    "AsyncRuns",
    "AsyncRunsWithRawResponse",
    "AsyncRunsWithStreamingResponse",
    "Runs",
    "RunsWithRawResponse",
    "RunsWithStreamingResponse",
]
