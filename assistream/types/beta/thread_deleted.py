# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.threads import ThreadDeleted

__all__ = ["ThreadDeleted"]
