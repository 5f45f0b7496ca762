"""How much is tried: a little in `make test`, more when ASSISTREAM_RUNS says so (100 is a hundred times as much)."""

from __future__ import annotations

import os

FACTOR = int(os.environ.get("ASSISTREAM_RUNS", "1"))


def times(number: int) -> int:
    return number * FACTOR
