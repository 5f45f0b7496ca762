# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.messages import MessageFile

__all__ = ["MessageFile"]
