"""Answers whose body is read when the program wants it: what `with_streaming_response` gives."""

from __future__ import annotations

from ._async import AsyncAPIResponse, AsyncPieces, AsyncResponseContextManager
from ._sync import APIResponse, Pieces, ResponseContextManager

__all__ = [
    "APIResponse",
    "AsyncAPIResponse",
    "AsyncPieces",
    "AsyncResponseContextManager",
    "Pieces",
    "ResponseContextManager",
]
