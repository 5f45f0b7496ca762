from __future__ import annotations

from typing import Any

import anyio
import pytest

from assistream.engine.models import ModelDelta, ModelError, ToolCallDelta
from assistream.testing import ModelRequest, call, calls, drops_connection, fails, says
from assistream.testing.script import Entry, Scene, Script

ASKED = ModelRequest("m", [])


def script(*scenes: Scene, claimed: Entry | None = None) -> Script:
    made = Script(lambda: claimed)
    made.add(*scenes)
    return made


def ask(script: Script) -> list[ModelDelta]:
    async def asking() -> list[ModelDelta]:
        return [delta async for delta in script.model.generate(ASKED)]

    return anyio.run(asking)


def said(script: Script) -> str:
    return "".join(getattr(delta, "text", "") for delta in ask(script))


def test_turns_are_played_in_order_those_added_last() -> None:
    played = script("a", says("b"))
    played.add(lambda request: "c", lambda request: says("d"))
    assert [said(played) for _ in range(4)] == ["a", "b", "c", "d"]
    assert list(played.complaints()) == []
    assert played.model.requests == [ASKED] * 4


def test_a_turn_that_was_claimed_is_played_for_its_request() -> None:
    played = script("a", "b")
    first = played.claim()
    assert said(played) == "b"
    assert played.claim() is None
    assert first
    played.put_back(first)
    assert said(played) == "a"
    assert said(script("a", claimed=Entry(1, "claimed"))) == "claimed"


def test_what_is_left_is_told() -> None:
    played = script("a", says("b") + drops_connection(after=3), "c")
    said(played)
    said(played)
    assert list(played.complaints()) == [
        "not played: turn 3: says('c')",
        "did not happen: drops_connection(after=3), in turn 2: says('b') + drops_connection(after=3)",
    ]


def test_a_question_beyond_the_script() -> None:
    played = script("a")
    said(played)
    with pytest.raises(ModelError, match="it has 1 turns"):
        ask(played)
    assert list(played.complaints()) == ["the model was asked, and the script had no turn left: nothing"]


def test_every_call_has_an_id_of_its_own_and_its_name_is_known_by_it() -> None:
    turn = calls(f={}, g={}) + call("h", id="call_h")
    played = script(turn, turn)
    ids = [delta.id for _ in range(2) for delta in ask(played) if isinstance(delta, ToolCallDelta) and delta.name]
    assert len(set(ids)) == 5
    assert [played.functions[id or ""] for id in ids] == ["f", "g", "h"] * 2


def test_functions_that_are_called_somewhere() -> None:
    assert script("a", calls(f={}, g={}), calls(f={}) + says("b")).names == ["f", "g"]


def test_a_failed_request_is_seen_before_a_model_is_asked() -> None:
    rejected = Entry(1, fails(429)).rejects
    assert rejected
    assert rejected.status == 429
    assert Entry(1, fails()).rejects is None
    assert Entry(1, "Hi").rejects is None
    with pytest.raises(ModelError, match=r"fails\(429\) where only the model could fail"):
        ask(script(lambda request: fails(429)))


@pytest.mark.parametrize("wrong", [42, None, b"Hi", [says("a")], ("a", "b")])
def test_what_is_no_turn_is_told_when_it_is_written(wrong: Any) -> None:
    with pytest.raises(TypeError, match="is no turn") as caught:
        script(wrong)
    assert ("script(*turns)" in str(caught.value)) == isinstance(wrong, list | tuple)


def test_a_function_that_raises_has_no_turn() -> None:
    def checks(request: ModelRequest) -> str:
        assert request.model == "other", "the wrong model"
        return "never said"

    played = script(checks, "b")
    with pytest.raises(RuntimeError, match="could not be made"):
        ask(played)
    assert said(played) == "b"
    (complaint,) = played.complaints()
    assert complaint.startswith("could not be made: turn 1: what checks returns: AssertionError: the wrong model")
    assert isinstance(played.error, AssertionError)


@pytest.mark.parametrize("wrong", [None, 42, [says("a")], says("a") + fails(429)])
def test_a_function_that_returns_no_turn(wrong: Any) -> None:
    played = script(lambda request: wrong)
    with pytest.raises(RuntimeError):
        ask(played)
    assert [line.split(":")[0] for line in played.complaints()] == ["could not be made"]


def test_pytest_fail_in_a_function_is_a_failure() -> None:
    played = script(lambda request: pytest.fail("not this"))
    with pytest.raises(RuntimeError):
        ask(played)
    assert "Failed: not this" in next(played.complaints())


def test_a_function_may_fail_as_models_do() -> None:
    def limited(request: ModelRequest) -> str:
        raise ModelError("rate_limit_exceeded", "Slow down.")

    played = script(limited)
    with pytest.raises(ModelError, match="Slow down"):
        ask(played)
    assert list(played.complaints()) == []


def test_a_wrong_turn_is_told_when_it_is_written() -> None:
    with pytest.raises(ValueError, match="a turn of its own"):
        script(says("a") + fails(429))
