"""What came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...errors import AssistreamError

Counts = Mapping[str, int]
"""How many, by the name of the kind: "messages"."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of an import."""

    imported: Counts
    skipped: Counts = field(default_factory=dict[str, int])
    """What was there already, with what belongs to it."""
    left_out: Counts = field(default_factory=dict[str, int])
    """What the hosted API has told, and an engine has no use for."""


class TransferError(AssistreamError):
    """What was to be imported is broken, cut short, or there already; it says where. Nothing was imported."""
