"""From bytes to hooks, and the streams that a program holds."""

from __future__ import annotations

from ._async import AsyncAssistantStreamManager
from ._sync import AssistantStreamManager
from .bare import AsyncStream, Stream

__all__ = ["AssistantStreamManager", "AsyncAssistantStreamManager", "AsyncStream", "Stream"]
