"""An import path of the reference client: `openai.lib.streaming`."""

from __future__ import annotations

from typing import TypeVar

from ...handlers import AssistantEventHandler, AsyncAssistantEventHandler
from ...streaming import AssistantStreamManager, AsyncAssistantStreamManager

__all__ = [
    "AssistantEventHandler",
    "AssistantEventHandlerT",
    "AssistantStreamManager",
    "AsyncAssistantEventHandler",
    "AsyncAssistantEventHandlerT",
    "AsyncAssistantStreamManager",
]

AssistantEventHandlerT = TypeVar("AssistantEventHandlerT", bound=AssistantEventHandler)
AsyncAssistantEventHandlerT = TypeVar("AsyncAssistantEventHandlerT", bound=AsyncAssistantEventHandler)
