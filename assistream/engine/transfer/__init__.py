"""What an engine keeps, moved: exported and imported as JSON lines, and backed up, also while the engine runs."""

from __future__ import annotations

from .databases import backup, export, load
from .hosted import from_openai
from .outcome import Tally, TransferError

__all__ = ["Tally", "TransferError", "backup", "export", "from_openai", "load"]
