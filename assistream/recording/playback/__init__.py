"""What gives out the legs of a recording, one after the other."""

from __future__ import annotations

from ._async import AsyncRecordedTurns
from ._sync import RecordedTurns

__all__ = ["AsyncRecordedTurns", "RecordedTurns"]
