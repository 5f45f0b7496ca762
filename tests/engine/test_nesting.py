from __future__ import annotations

import json
from typing import Any

import pytest

from assistream.engine.nesting import is_deeper


@pytest.mark.parametrize(
    ("value", "depth"),
    [(1, 1), ([], 1), ({}, 1), ([1, 2], 2), ({"a": [1], "b": 2}, 3), (json.loads("[" * 500 + "1" + "]" * 500), 501)],
)
def test_depth(value: Any, depth: int) -> None:
    assert [is_deeper(value, levels) for levels in (depth - 1, depth)] == [True, False]
