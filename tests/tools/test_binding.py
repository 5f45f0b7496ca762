from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from assistream import ConfigurationError, function_tool
from assistream.tools.binding import bind, defined


class Answer(BaseModel):
    value: int


def look() -> int:
    return 42


def see() -> int:
    return 43


SEARCH = {"type": "file_search"}


def test_what_is_ours_is_taken_out() -> None:
    params = {"functions": [see], "max_turns": 3, "errors": "raise", "tools": (look, SEARCH), "model": "m"}
    binding, sent = bind(params)
    assert list(binding.functions) == ["look", "see"]
    assert (binding.max_turns, binding.raises, binding.parse_as) == (3, True, None)
    assert sent == {"tools": [look, SEARCH], "model": "m"}
    assert "functions" in params


def test_nothing_of_ours() -> None:
    binding, sent = bind({"model": "m", "tools": None, "functions": None})
    assert (dict(binding.functions), binding.max_turns, binding.raises) == ({}, 10, False)
    assert sent == {"model": "m", "tools": None}


def test_iterators_are_read_once() -> None:
    binding, sent = bind({"tools": iter([look, SEARCH]), "functions": iter([see])})
    assert list(binding.functions) == ["look", "see"]
    assert sent["tools"] == [look, SEARCH]


def test_two_of_one_name() -> None:
    with pytest.raises(ConfigurationError, match="Two functions are called look"):
        bind({"functions": [look, function_tool(see, name="look")]})


def test_one_function_in_both_lists() -> None:
    class Shop:
        def sell(self) -> None: ...

    shop = Shop()
    assert list(bind({"tools": [look, shop.sell], "functions": [look, shop.sell]})[0].functions) == ["look", "sell"]


@pytest.mark.parametrize("given", [look, function_tool(look), SEARCH, "look", 3])
def test_a_list_that_is_none(given: Any) -> None:
    for name in ("tools", "functions"):
        with pytest.raises(TypeError, match=rf"{name} is a list: pass {name}=\[...\]"):
            bind({name: given})
    with pytest.raises(TypeError, match="tools is a list"):
        defined({"tools": given})


@pytest.mark.parametrize("turns", [0, -1, 1.5, None, True])
def test_turns_that_make_no_sense(turns: Any) -> None:
    with pytest.raises(ValueError, match="max_turns"):
        bind({"max_turns": turns})


def test_errors_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="errors is"):
        bind({"errors": "ignore"})


def test_parse_as_asks_for_a_format_where_a_run_begins() -> None:
    binding, sent = bind({"parse_as": Answer})
    assert binding.parse_as is Answer
    assert sent["response_format"]["json_schema"]["name"] == "Answer"
    assert bind({"parse_as": Answer}, begins=False)[1] == {}
    with pytest.raises(ValueError, match="parse_as"):
        bind({"parse_as": Answer, "response_format": "auto"})


def test_functions_are_defined() -> None:
    assert defined({"model": "m"}) == {"model": "m"}
    assert defined({"tools": None}) == {"tools": None}
    given: dict[str, Any] = {"tools": iter([look, SEARCH]), "model": "m"}
    tools: list[Any] = defined(given)["tools"]
    assert [tool["type"] for tool in tools] == ["function", "file_search"]
    assert tools[0]["function"]["name"] == "look"
