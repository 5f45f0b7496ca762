from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.models import Finish, ModelDelta, TextDelta, UsageDelta
from assistream.engine.models.chat_completions.failures import Failure
from assistream.engine.models.chat_completions.reading import Reading
from tests.engine.models.asking import Answer
from tests.engine.models.chat_completions.server import Json, calls, chunk, made, usage


def read(*payloads: Json, done: bool = True, show_reasoning: bool = False) -> Answer:
    reading = Reading(show_reasoning=show_reasoning)
    deltas: list[ModelDelta] = [delta for payload in payloads for delta in reading.take(payload)]
    return Answer([*deltas, *reading.end(done=done)])


def test_text_usage_and_the_end_in_order() -> None:
    answer = read(
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": "Hel"}),
        chunk({"content": "lo"}),
        chunk(finish="stop"),
        usage(9, 2),
    )
    assert answer.deltas == [TextDelta("Hel"), TextDelta("lo"), UsageDelta(9, 2), Finish("stop")]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("max_tokens", "length"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("content_filter", "content_filter"),
        ("SAFETY", "content_filter"),
        ("end_turn", "stop"),
        ("eos", "stop"),
    ],
)
def test_reasons_to_finish(reason: str, expected: str) -> None:
    assert read(chunk({"content": "x"}, reason), done=False).finish == expected


@pytest.mark.parametrize("reason", [None, "", 5])
def test_no_reason_but_an_end(reason: Any) -> None:
    assert read(chunk({"content": "x"}, reason)).finish == "stop"
    assert read(calls({"index": 0, "function": {"name": "f"}}), chunk(finish=reason)).finish == "tool_calls"


@pytest.mark.parametrize("payloads", [[chunk({"content": "x"})], []])
def test_neither_reason_nor_end(payloads: list[Json]) -> None:
    with pytest.raises(Failure, match="broke its answer off") as caught:
        read(*payloads, done=False)
    assert caught.value.passing


@pytest.mark.parametrize("reason", ["error", "abort"])
def test_ends_that_are_none(reason: str) -> None:
    with pytest.raises(Failure, match=f"ended its answer early: {reason}"):
        read(chunk({"content": "x"}, reason))


def test_an_end_with_an_error() -> None:
    payload = chunk(finish="error")
    payload["choices"][0]["error"] = {"message": "Provider overloaded", "code": 502}
    with pytest.raises(Failure, match="Provider overloaded"):
        read(payload)


def test_an_error() -> None:
    with pytest.raises(Failure, match="no memory"):
        read(chunk({"content": "x"}), {"error": {"message": "no memory"}})


def test_refusals() -> None:
    answer = read(chunk({"refusal": "I can"}), chunk({"refusal": "not."}), chunk({"refusal": None}, "stop"))
    assert (answer.refusal, answer.text) == ("I cannot.", "")


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_thoughts_are_kept_back_or_shown(key: str) -> None:
    payloads = [chunk({key: "Well"}), chunk({key: "...", "content": None}), chunk({"content": "Yes."}, "stop")]
    assert read(*payloads).text == "Yes."
    assert read(*payloads, show_reasoning=True).text == "<think>\nWell...\n</think>\n\nYes."


def test_thoughts_before_calls_and_before_nothing() -> None:
    thought = chunk({"reasoning": "Hm", "reasoning_content": "Hm"})
    call = calls({"index": 0, "function": {"name": "f"}})
    for after in (call, chunk({"refusal": "No."}), chunk(finish="length")):
        assert read(thought, after, show_reasoning=True).text == "<think>\nHm\n</think>\n\n"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "ab"),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "a"}], "a"),
        (None, ""),
        (5, ""),
    ],
)
def test_content_of_parts(content: object, text: str) -> None:
    assert read(chunk({"content": content}, "stop")).text == text


def test_an_answer_that_was_not_streamed() -> None:
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_a", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}],
    }
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    answer = read({"object": "chat.completion", "choices": [choice], "usage": usage(1, 2)["usage"]})
    assert made(answer) == [("f", {"a": 1})]
    assert answer.deltas[-2:] == [UsageDelta(1, 2), Finish("tool_calls")]


def test_the_one_function_of_old() -> None:
    answer = read(
        chunk({"function_call": {"name": "f", "arguments": ""}}),
        chunk({"function_call": {"arguments": '{"a": 1}'}}),
        chunk(finish="function_call"),
    )
    assert made(answer) == [("f", {"a": 1})]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 4}, UsageDelta(3, 4)),
        ({"input_tokens": 3, "output_tokens": 4}, UsageDelta(3, 4)),
        ({"prompt_tokens": None, "completion_tokens": -4}, UsageDelta(0, 0)),
        ({"prompt_tokens": 3.0, "completion_tokens": float("inf")}, UsageDelta(3, 0)),
        ({"total_tokens": 7}, UsageDelta(0, 0)),
        ({}, None),
        (None, None),
        ("many", None),
    ],
)
def test_usage(given: object, expected: UsageDelta | None) -> None:
    assert read(chunk({"content": "x"}, "stop", usage=given)).usage == expected


def test_usage_that_grows_with_every_chunk_counts_once() -> None:
    answer = read(
        chunk({"content": "a"}, usage={"prompt_tokens": 5, "completion_tokens": 1}),
        chunk({"content": "b"}, "stop", usage={"prompt_tokens": 5, "completion_tokens": 2}),
        chunk(usage=None),
    )
    assert [delta for delta in answer.deltas if isinstance(delta, UsageDelta)] == [UsageDelta(5, 2)]


def test_other_answers_than_the_first_are_not_read() -> None:
    other = chunk({"content": "other"})
    other["choices"][0]["index"] = 1
    assert read(chunk({"content": "x"}), other, chunk(finish="stop")).text == "x"


CHOICES: list[Any] = [None, {}, 5, [], [None], [{}], [{"delta": 5}], [{"delta": {"tool_calls": {}}}]]


@pytest.mark.parametrize("choices", CHOICES)
def test_what_says_nothing(choices: object) -> None:
    assert read({"choices": choices}).deltas == [Finish("stop")]
