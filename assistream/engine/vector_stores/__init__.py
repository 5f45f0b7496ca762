"""Vector stores: files that were cut into pieces which file search can find. `Library` is all of it for the engine."""

from __future__ import annotations

from .library import Library
from .searching import Expired, Gone, Hit

__all__ = ["Expired", "Gone", "Hit", "Library"]
