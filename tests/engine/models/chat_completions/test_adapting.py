from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.models.chat_completions.adapting import Adapting
from assistream.engine.models.chat_completions.failures import Failure

BODY: dict[str, Any] = {
    "model": "m",
    "stream_options": {"include_usage": True},
    "parallel_tool_calls": False,
    "max_tokens": 5,
}


def failure(text: str, status: int | None = 400) -> Failure:
    return Failure(text, status=status, text=text)


@pytest.mark.parametrize(
    ("text", "status", "left"),
    [
        (
            "property 'stream_options' is unsupported, did you mean 'stream'?",
            400,
            {"parallel_tool_calls", "max_tokens"},
        ),
        ('{"loc": ["body", "stream_options", "include_usage"]}', 422, {"parallel_tool_calls", "max_tokens"}),
        ("Unknown parameter: parallel_tool_calls", 400, {"stream_options", "max_tokens"}),
        (
            "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            400,
            {"stream_options", "parallel_tool_calls", "max_completion_tokens"},
        ),
    ],
)
def test_what_it_can_do_without(text: str, status: int, left: set[str]) -> None:
    adapting = Adapting()
    assert adapting.learn(BODY, failure(text, status))
    assert adapting.fit(BODY).keys() == {"model"} | left
    assert adapting.fit(BODY | {"model": "other"}) == BODY | {"model": "other"}


@pytest.mark.parametrize(
    ("text", "status"),
    [("stream_options", 500), ("stream_options", None), ("something else", 400), ("max_tokens is too large", 400)],
)
def test_what_is_about_something_else(text: str, status: int | None) -> None:
    assert not Adapting().learn(BODY, failure(text, status))


def test_one_thing_after_the_other() -> None:
    adapting, body = Adapting(), BODY
    for name in ("stream_options", "parallel_tool_calls"):
        assert adapting.learn(body, failure(f"no {name}"))
        body = adapting.fit(body)
        assert not adapting.learn(body, failure(f"no {name}"))
    assert body == {"model": "m", "max_tokens": 5}


def test_a_server_that_wants_the_limit_under_its_old_name() -> None:
    adapting = Adapting()
    body = {"model": "m", "max_completion_tokens": 5}
    assert adapting.learn(body, failure("Unrecognized request argument supplied: max_completion_tokens"))
    assert adapting.fit(body) == {"model": "m", "max_tokens": 5}


def test_a_server_that_wants_the_limit_under_no_name() -> None:
    adapting = Adapting()
    body = {"model": "m", "max_tokens": 5}
    assert adapting.learn(body, failure("no max_completion_tokens"))
    assert not adapting.learn(adapting.fit(body), failure("no max_completion_tokens"))
