"""An import path of the reference client: `openai.pagination`."""

from __future__ import annotations

from .transport.pagination import AsyncCursorPage, AsyncPage, SyncCursorPage, SyncPage

__all__ = ["AsyncCursorPage", "AsyncPage", "SyncCursorPage", "SyncPage"]
