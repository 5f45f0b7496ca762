"""Documents: from the bytes and the name of a file to its text, and from a text to chunks.

Nothing here knows of stores, HTTP or the engine's database.
"""

from __future__ import annotations

from .chunks import chunked
from .kinds import SUPPORTED
from .reader import Reader, read
from .tokens import tokens
from .unreadable import Unreadable

__all__ = ["SUPPORTED", "Reader", "Unreadable", "chunked", "read", "tokens"]
