from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.deltas import added, joined
from tests.engine.conftest import Json


def test_strings_grow_and_names_stay() -> None:
    whole = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{", "output": None}}
    piece = {"id": "call_1", "type": "function", "function": {"arguments": "}"}}
    assert added(whole, piece) == whole | {"function": {"name": "f", "arguments": "{}", "output": None}}


def test_lists_grow_by_index() -> None:
    body: Json = {"input": "", "outputs": []}
    for piece in (
        {"input": "1"},
        {"outputs": [{"index": 0, "type": "logs", "logs": "a"}]},
        {"outputs": [{"index": 1, "type": "image", "image": {"file_id": "file-1"}}]},
        {"outputs": [{"index": 0, "type": "logs", "logs": "b"}]},
    ):
        body = added(body, piece)
    logs, image = {"type": "logs", "logs": "ab"}, {"type": "image", "image": {"file_id": "file-1"}}
    assert body == {"input": "1", "outputs": [logs, image]}


def test_entries_come_in_the_order_of_their_indices() -> None:
    assert joined([{"a": "x"}], [{"index": 3, "a": "z"}, {"index": 1, "a": "y"}, {"index": 0, "a": "!"}]) == [
        {"a": "x!"},
        {"a": "y"},
        {"a": "z"},
    ]


@pytest.mark.parametrize("new", [5, None, True, ["x"], [{"no": "index"}]])
def test_other_values_take_the_place_of_old_ones(new: Any) -> None:
    assert added({"a": ["old"]}, {"a": new}) == {"a": new}


def test_what_is_given_is_left_as_it_is() -> None:
    whole: Json = {"outputs": []}
    added(whole, {"outputs": [{"index": 0, "logs": "a"}]})
    assert whole == {"outputs": []}
