"""From bytes to hooks, and the streams that a program holds."""

from __future__ import annotations

from .bare import AsyncStream, Stream
from .managers import AssistantStreamManager, AsyncAssistantStreamManager

__all__ = ["AssistantStreamManager", "AsyncAssistantStreamManager", "AsyncStream", "Stream"]
