# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.store_params import FileCreateParams
from assistream.types.store_params import FileExpiresAfterParam as ExpiresAfter

__all__ = ["ExpiresAfter", "FileCreateParams"]
