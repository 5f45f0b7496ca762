from __future__ import annotations

from typing import Any

import pytest

from assistream.engine import Scripted, calls, says, uses
from tests.engine.conftest import Json, ScriptedEngine

LONG = "word " * 80  # 100 tokens, about


def asked(script: list[Any], scripted_engine: ScriptedEngine, thread: list[str], **fields: Any) -> list[str]:
    """What the model was asked at the end, without instructions."""
    model = Scripted(script)
    api = scripted_engine(model=model)
    run = api.run_stream(api.thread(*thread), **fields)[-1].data
    while run["status"] == "requires_action":
        run = api.submit(run)[-1].data
    return [message.text.strip() for message in model.requests[-1].messages if message.role != "system"]


THREAD = [f"{number} {LONG}" for number in range(6)]


def heads(texts: list[str]) -> list[str]:
    return [text.split()[0] for text in texts]


@pytest.mark.parametrize(
    ("budget", "kept"),
    [
        (None, "012345"),
        (100_000, "012345"),
        (500, "0345"),
        (400, "045"),
        (50, "05"),
    ],
)
def test_the_middle_goes_first(scripted_engine: ScriptedEngine, budget: int | None, kept: str) -> None:
    settings: Json = {} if budget is None else {"max_prompt_tokens": budget}
    assert heads(asked(["Hello"], scripted_engine, THREAD, tools=[], **settings)) == list(kept)


def test_what_was_asked_before_counts(scripted_engine: ScriptedEngine) -> None:
    script = [calls(get_weather={}) + uses(1000, 1), "Hello"]
    texts = asked(script, scripted_engine, THREAD, max_prompt_tokens=1400)
    # The calls of the run itself and their outputs are always there.
    assert heads([text for text in texts if text]) == ["0", "4", "5", "sunny"]


def test_a_short_thread_is_asked_whole_whatever_the_budget(scripted_engine: ScriptedEngine) -> None:
    assert heads(asked(["Hello"], scripted_engine, THREAD[:2], max_prompt_tokens=1)) == ["0", "1"]


def test_last_messages_comes_before_a_budget(scripted_engine: ScriptedEngine) -> None:
    strategy = {"type": "last_messages", "last_messages": 4}
    texts = asked(["Hello"], scripted_engine, THREAD, truncation_strategy=strategy, max_prompt_tokens=50)
    assert heads(texts) == ["2", "3", "4", "5"]


def test_pictures_count(scripted_engine: ScriptedEngine) -> None:
    model = Scripted([says("Hello")])
    api = scripted_engine(model=model)
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    thread = api.thread("first")
    for number in range(3):
        content = [{"type": "text", "text": f"{number}"}, picture]
        api.post(f"/threads/{thread['id']}/messages", {"role": "user", "content": content})
    api.run_stream(thread, max_prompt_tokens=600, tools=[])
    assert [message.text for message in model.requests[0].messages[1:]] == ["first", "1", "2"]
