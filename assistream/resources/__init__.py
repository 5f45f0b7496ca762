"""The operations of the API: one file per resource, each operation stated once."""

from __future__ import annotations

from ._async import AsyncRuns, AsyncThreads
from ._sync import Runs, Threads
from .assistants import Assistants, AssistantsWithRawResponse, AsyncAssistants, AsyncAssistantsWithRawResponse
from .beta import AsyncBeta, AsyncBetaWithRawResponse, Beta, BetaWithRawResponse
from .messages import AsyncMessages, AsyncMessagesWithRawResponse, Messages, MessagesWithRawResponse
from .runs import AsyncRunsWithRawResponse, RunsWithRawResponse
from .steps import AsyncSteps, AsyncStepsWithRawResponse, Steps, StepsWithRawResponse
from .threads import AsyncThreadsWithRawResponse, ThreadsWithRawResponse

__all__ = [
    "Assistants",
    "AssistantsWithRawResponse",
    "AsyncAssistants",
    "AsyncAssistantsWithRawResponse",
    "AsyncBeta",
    "AsyncBetaWithRawResponse",
    "AsyncMessages",
    "AsyncMessagesWithRawResponse",
    "AsyncRuns",
    "AsyncRunsWithRawResponse",
    "AsyncSteps",
    "AsyncStepsWithRawResponse",
    "AsyncThreads",
    "AsyncThreadsWithRawResponse",
    "Beta",
    "BetaWithRawResponse",
    "Messages",
    "MessagesWithRawResponse",
    "Runs",
    "RunsWithRawResponse",
    "Steps",
    "StepsWithRawResponse",
    "Threads",
    "ThreadsWithRawResponse",
]
