# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.store_params import ExpiresAfterParam as ExpiresAfter
from assistream.types.store_params import VectorStoreCreateParams

__all__ = ["ExpiresAfter", "VectorStoreCreateParams"]
