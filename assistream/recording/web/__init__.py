"""Streams as bodies of web responses."""

from __future__ import annotations

from ._async import AsyncEventBytes
from ._sync import EventBytes

__all__ = ["AsyncEventBytes", "EventBytes"]
