# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.stores import ComparisonFilter as Filter
from assistream.types.stores import CompoundFilter

__all__ = ["CompoundFilter", "Filter"]
