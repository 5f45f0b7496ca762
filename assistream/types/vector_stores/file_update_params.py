# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.store_params import VectorStoreFileUpdateParams as FileUpdateParams

__all__ = ["FileUpdateParams"]
