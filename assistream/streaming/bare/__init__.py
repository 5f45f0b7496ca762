"""The events of one streamed answer, without handlers."""

from __future__ import annotations

from ._async import AsyncStream
from ._sync import Stream

__all__ = ["AsyncStream", "Stream"]
