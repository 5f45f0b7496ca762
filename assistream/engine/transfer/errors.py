"""What cannot be exported or imported."""

from __future__ import annotations

from ...errors import AssistreamError


class TransferError(AssistreamError):
    """What was to be imported is broken, cut short, or there already; it says where. Nothing was imported."""
