from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.types.partial import partial_arguments


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", {}),
        ("  ", {}),
        ("{", {}),
        ('{"ci', {}),
        ('{"city', {}),
        ('{"city": ', {}),
        ('{"city": "', {"city": ""}),
        ('{"city": "Os', {"city": "Os"}),
        ('{"city": "Os\\', {"city": "Os"}),
        ('{"city": "\\u00', {"city": ""}),
        ('{"city": "Oslo", "days": 1', {"city": "Oslo", "days": 1}),
        ('{"city": "Oslo", "far": tr', {"city": "Oslo"}),
        ('{"in": {"a": [1, {"b": "x', {"in": {"a": [1, {"b": "x"}]}}),
        ('{"city": "Oslo"}', {"city": "Oslo"}),
        ('{"city": "\ud800', {"city": "?"}),
        ("[1, 2", {}),
        ("12", {}),
        ("no JSON", {}),
    ],
)
def test_what_it_says_so_far(text: str, said: dict[str, Any]) -> None:
    assert partial_arguments(text) == said


@given(st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text())), st.data())
def test_any_beginning_can_be_read(arguments: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(arguments, ensure_ascii=data.draw(st.booleans()))
    beginning = partial_arguments(text[: data.draw(st.integers(0, len(text)))])
    assert beginning.keys() <= arguments.keys()
    assert partial_arguments(text) == arguments
