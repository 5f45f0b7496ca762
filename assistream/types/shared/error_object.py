# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.events import ErrorObject

__all__ = ["ErrorObject"]
