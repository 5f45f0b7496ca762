# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.store_params import ComparisonFilterParam as Filter
from assistream.types.store_params import CompoundFilterParam as CompoundFilter

__all__ = ["CompoundFilter", "Filter"]
