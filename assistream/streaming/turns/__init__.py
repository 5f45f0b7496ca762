"""What a stream needs of the tool loop, which stands above it."""

from __future__ import annotations

from ._async import AsyncTurns
from ._sync import Turns

__all__ = ["AsyncTurns", "Turns"]
