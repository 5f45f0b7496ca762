from __future__ import annotations

import pytest

from assistream.engine.documents import tokens


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("a", 1), ("four", 1), ("fives", 2), ("日本", 2), ("🙂", 1), ("\ud800", 1)]
)
def test_tokens(text: str, count: int) -> None:
    assert tokens(text) == count
