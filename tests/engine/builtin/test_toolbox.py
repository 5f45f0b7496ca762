from __future__ import annotations

import logging

import pytest

from assistream.engine.builtin import Toolbox
from tests.engine.builtin.fakes import CODE, SEARCH, Fake, finds
from tests.engine.conftest import Json


def run(*tools: Json) -> Json:
    return {"tools": list(tools)}


def function(name: str) -> Json:
    return {"type": "function", "function": {"name": name}}


BOX = Toolbox([Fake("file_search", finds), Fake("code_interpreter", finds)])


def test_what_a_run_asks_for_is_offered() -> None:
    assert BOX.offer(run(SEARCH)).types == {"file_search": "file_search"}
    assert BOX.offer(run(CODE, SEARCH, SEARCH, function("f"))).types == {
        "code_interpreter": "code_interpreter",
        "file_search": "file_search",
    }
    assert BOX.offer(run(function("file_search"))).types == {}


def test_functions_keep_their_names() -> None:
    offer = BOX.offer(run(SEARCH, function("file_search"), function("builtin_file_search")))
    assert offer.types == {"builtin_builtin_file_search": "file_search"}
    assert offer.name_of("file_search") == "builtin_builtin_file_search"
    assert offer.name_of("code_interpreter") is None


def test_models_are_told_of_functions() -> None:
    [told] = BOX.offer(run(SEARCH)).functions
    assert told["type"] == "function"
    assert told["function"].keys() == {"name", "description", "parameters"}


def test_what_there_is_not_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    box = Toolbox()
    with caplog.at_level(logging.WARNING, "assistream.engine"):
        for _ in range(3):
            assert box.offer(run(SEARCH, CODE)).by_name == {}
    assert len(caplog.records) == 2
