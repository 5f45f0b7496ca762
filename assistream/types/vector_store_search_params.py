# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.store_params import SearchRankingOptionsParam as RankingOptions
from assistream.types.store_params import VectorStoreFiltersParam as Filters
from assistream.types.store_params import VectorStoreSearchParams

__all__ = ["Filters", "RankingOptions", "VectorStoreSearchParams"]
