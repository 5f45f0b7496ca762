from __future__ import annotations

import pytest

from ..conftest import Command, complaint, said


def test_without_anything_a_rehearsal_answers(command: Command) -> None:
    assert 'You said: "Hello."' in said(command("chat", stdin="Hello."))
    assert said(command("chat")) == ""


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--path", "x", "--base-url", "http://127.0.0.1:1/v1"), "--path is for the embedded server"),
        (("--model-url", "http://x", "--base-url", "http://127.0.0.1:1/v1"), "--model-url is for the embedded server"),
        (("--base-url", "http://127.0.0.1:1/v1"), "Give --model NAME or --assistant ID"),
        (("--model-key", "KEY"), "give both"),
        (("--model-key", "KEY", "--model-url", "http://x"), "no key in the environment variable KEY"),
        (("--model", "gpt-4o"), "no model 'gpt-4o': it is rehearsal, or MODULE:NAME"),
        (("--tools", "get_weather"), "no function 'get_weather': it is MODULE:FUNCTION"),
        (("--tools", "kit:number"), "'kit:number' is no function"),
        (("--tools", "kit:add", "--tools", "kit:add"), "Two functions are called add"),
        (("--path", "no/such/place.db"), "no/such/place.db"),
    ],
)
def test_what_cannot_be_done_is_one_line(command: Command, options: tuple[str, ...], says: str) -> None:
    assert says in complaint(command("chat", *options))


@pytest.mark.parametrize("option", ["--assistant", "--thread"])
def test_what_the_server_does_not_know(command: Command, option: str) -> None:
    assert "none_1" in complaint(command("chat", option, "none_1", stdin="Hello."), 1)
