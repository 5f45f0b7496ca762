from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from assistream.tools.complaints import complaints

from .examples import TYPES, Place


def said(annotation: Any, text: str) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(annotation).validate_json(text)
    return complaints(raised.value).splitlines()


def test_a_line_for_each_with_its_place() -> None:
    assert said(list[Place], '[{"name": 1}, {}, {"name": "x", "floor": "y"}]') == [
        "- 0.name: Input should be a valid string",
        "- 1.name: Field required",
        "- 2.floor: Input should be a valid integer, unable to parse string as an integer",
    ]


def test_the_branch_that_was_meant_is_told() -> None:
    assert said(TYPES["either model"], '{"kind": "cat"}') == ["- cat.lives: Field required"]
    (line,) = said(TYPES["either model"], '{"kind": "cow"}')
    assert "'cat', 'dog'" in line


def test_many_are_cut() -> None:
    lines = said(list[int], "[" + ", ".join(['"x"'] * 30) + "]")
    assert len(lines) == 21
    assert lines[-1] == "- and 10 more"


@pytest.mark.parametrize("annotation", TYPES.values(), ids=list(TYPES))
def test_nothing_for_programmers_alone(annotation: Any) -> None:
    if annotation is not Any:
        text = "\n".join(said(annotation, '[{"wrong": "one"}, 2, 3]'))
        assert "http" not in text
        assert "pydantic" not in text
