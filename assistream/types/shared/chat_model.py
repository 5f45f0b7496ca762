# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.models import ChatModel

__all__ = ["ChatModel"]
