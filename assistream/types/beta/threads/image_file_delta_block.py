# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.messages import ImageFileDeltaBlock

__all__ = ["ImageFileDeltaBlock"]
