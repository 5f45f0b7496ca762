from __future__ import annotations

from typing import Any

import pytest

from assistream import StreamUsageError, ToolError
from assistream.tools.answers import answers_by_id

WAITING = ["call_1", "call_2"]


def test_texts_by_ids() -> None:
    assert answers_by_id([], WAITING) == {}
    given: Any = (
        {"tool_call_id": call_id, "output": output} for call_id, output in [("call_2", {"a": 1}), ("call_1", "b")]
    )
    assert answers_by_id(given, WAITING) == {"call_2": '{"a":1}', "call_1": "b"}
    assert answers_by_id([{"tool_call_id": "call_1", "output": None}], WAITING) == {"call_1": "null"}


ONE = {"tool_call_id": "call_1", "output": "a"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([{"tool_call_id": "call_1"}], "has no `output`"),
        ([{"output": "a"}], "has no `tool_call_id`"),
        (["a"], "An output is a dict"),
        (ONE, "takes a list"),
        ([ONE, ONE], "two outputs for 'call_1'"),
        ([ONE, {"tool_call_id": "call_3", "output": "a"}], "no output of 'call_3', but of 'call_1', 'call_2'"),
    ],
)
def test_mistakes(given: Any, said: str) -> None:
    with pytest.raises(StreamUsageError, match=said):
        answers_by_id(given, WAITING)


def test_what_is_no_json() -> None:
    with pytest.raises(ToolError, match="of type object"):
        answers_by_id([{"tool_call_id": "call_1", "output": object()}], WAITING)
