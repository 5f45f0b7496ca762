"""Requests that no method is for: `client.get`, `.post` and their kin."""

from __future__ import annotations

from ._async import AsyncRequests
from ._sync import Requests

__all__ = ["AsyncRequests", "Requests"]
