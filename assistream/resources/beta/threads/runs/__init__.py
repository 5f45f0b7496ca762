# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.resources._async import AsyncRuns
from assistream.resources._sync import Runs
from assistream.resources.steps import (
    AsyncSteps,
    AsyncStepsWithRawResponse,
    AsyncStepsWithStreamingResponse,
    Steps,
    StepsWithRawResponse,
    StepsWithStreamingResponse,
)
from assistream.resources.views._async import AsyncRunsWithRawResponse, AsyncRunsWithStreamingResponse
from assistream.resources.views._sync import RunsWithRawResponse, RunsWithStreamingResponse

if TYPE_CHECKING:
    from . import runs as runs
    from . import steps as steps
else:
    __getattr__ = submodules(__name__)

__all__ = [
    "AsyncRuns",
    "AsyncRunsWithRawResponse",
    "AsyncRunsWithStreamingResponse",
    "AsyncSteps",
    "AsyncStepsWithRawResponse",
    "AsyncStepsWithStreamingResponse",
    "Runs",
    "RunsWithRawResponse",
    "RunsWithStreamingResponse",
    "Steps",
    "StepsWithRawResponse",
    "StepsWithStreamingResponse",
]
