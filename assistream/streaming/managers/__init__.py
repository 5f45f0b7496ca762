"""What the stream methods return: context managers that open streams and give handlers."""

from __future__ import annotations

from ._async import AsyncAssistantStreamManager
from ._sync import AssistantStreamManager

__all__ = ["AssistantStreamManager", "AsyncAssistantStreamManager"]
