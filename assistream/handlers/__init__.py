"""What a user subclasses."""

from __future__ import annotations

from ._async import AsyncAssistantEventHandler
from ._sync import AssistantEventHandler

__all__ = ["AssistantEventHandler", "AsyncAssistantEventHandler"]
