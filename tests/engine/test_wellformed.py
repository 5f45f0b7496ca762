from __future__ import annotations

import pytest

from assistream.engine.models import Finish, ModelDelta, ModelError, RefusalDelta, TextDelta, ToolCallDelta, UsageDelta
from assistream.engine.wellformed import Characters

from .conftest import Event, ScriptedEngine, calls_of

HIGH, LOW = "\ud83d", "\ude00"


def joined(*pieces: str) -> list[str]:
    characters = Characters()
    deltas = [characters.whole(TextDelta(piece)) for piece in pieces]
    return [delta.text for delta in deltas if isinstance(delta, TextDelta)]


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["a", "é", "😀"], ["a", "é", "😀"]),
        (["a" + HIGH, LOW + "b"], ["a", "😀b"]),
        ([HIGH, "", LOW], ["", "", "😀"]),
        ([HIGH + LOW], ["😀"]),
        ([HIGH, "b"], ["", "\ufffdb"]),
        ([HIGH, HIGH, LOW], ["", "\ufffd", "😀"]),
        ([LOW + "a"], ["\ufffda"]),
        (["a", HIGH], ["a", ""]),
    ],
)
def test_text(pieces: list[str], whole: list[str]) -> None:
    assert joined(*pieces) == whole


def test_calls_and_refusals_are_told_apart() -> None:
    characters = Characters()
    halves: list[ModelDelta] = [ToolCallDelta(0, "a", "f", HIGH), RefusalDelta(HIGH), ToolCallDelta(1, "b", "f", "1")]
    rest: list[ModelDelta] = [ToolCallDelta(0, arguments=LOW), RefusalDelta(LOW)]
    assert [characters.whole(delta) for delta in halves + rest] == [
        *(ToolCallDelta(0, "a", "f", ""), RefusalDelta(""), halves[2]),
        *(ToolCallDelta(0, arguments="😀"), RefusalDelta("😀")),
    ]


def test_ids_and_names() -> None:
    assert Characters().whole(ToolCallDelta(0, HIGH, f"f{LOW}")) == ToolCallDelta(0, "\ufffd", "f\ufffd")


@pytest.mark.parametrize(
    "delta", [TextDelta("Hello"), UsageDelta(1, 2), Finish("stop"), ToolCallDelta(0, "a", "f", "{}")]
)
def test_what_is_well_formed_is_left_alone(delta: ModelDelta) -> None:
    assert Characters().whole(delta) is delta


def test_a_run(scripted_engine: ScriptedEngine) -> None:
    """A call with half a character in its id can be answered; a character in two pieces is one."""

    async def model(request: object) -> object:
        yield TextDelta(f"a{HIGH}")
        yield TextDelta(LOW)
        yield ToolCallDelta(0, f"call_{HIGH}", "get_weather", "{}")
        yield Finish("tool_calls")

    api = scripted_engine(model=model)  # type: ignore[arg-type] # the shortest way to write one
    run = api.waiting_run()
    assert calls_of(run)[0]["id"] == "call_\ufffd"
    (message,) = [m for m in api.get(f"/threads/{run['thread_id']}/messages")["data"] if m["role"] == "assistant"]
    assert message["content"][0]["text"]["value"] == "a😀"
    assert isinstance(api.submit(run)[-1], Event)


def test_an_error(scripted_engine: ScriptedEngine) -> None:
    def model(request: object) -> str:
        raise ModelError("server_error", f"no {HIGH}")

    assert scripted_engine(model=model).run_stream()[-1].data["last_error"]["message"] == "no \ufffd"
