# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.files import FileObject

__all__ = ["FileObject"]
