# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.store_params import BatchFileParam as File
from assistream.types.store_params import FileBatchCreateParams

__all__ = ["File", "FileBatchCreateParams"]
