# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.store_params import FileListParams

__all__ = ["FileListParams"]
