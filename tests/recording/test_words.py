"""Runs and calls in words."""

from __future__ import annotations

import pytest

from assistream.recording.words import clean, reason, results, summary, title, waiting, why_incomplete, written
from assistream.types import FileSearchToolCall, Message, RetrievalToolCall, Run
from assistream.types.steps import CodeInterpreterToolCall

from ..frames import action, call, code_call, message, run


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, 你好, עברית\n\ttab", "plain, 你好, עברית\n\ttab"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\r\nb\rc", "a\nbc"),
        ("\0\x07\x08\x7f", "␀␇␈␡"),
        ("\x9b2J", "\ufffd2J"),
        ("abc\u202ednuor\u202c \u2066x\u2069", "abcdnuor x"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_calls() -> None:
    search = FileSearchToolCall.model_validate(
        {
            "id": "1",
            "type": "file_search",
            "file_search": {"results": [{"file_id": "f", "file_name": "n", "score": 0.5}]},
        }
    )
    assert (title(search), written(search), results(search)) == ("file search", "", ["n (f) 0.50"])
    old = RetrievalToolCall(id="1", type="retrieval", retrieval={})
    assert (title(old), written(old), results(old)) == ("retrieval", "", [])
    strange = {"type": "hologram"}
    code = CodeInterpreterToolCall.model_validate(code_call(outputs=[strange, {"type": "logs", "logs": ""}]))
    assert results(code) == ["[hologram]"]


def test_runs() -> None:
    counted = Run.model_validate(run("completed", usage={"prompt_tokens": 1, "completion_tokens": 2}))
    assert summary(counted, steps=1, seconds=1.26) == "completed · 1 step · 1 + 2 tokens · 1.3 s"
    assert summary(Run.model_validate(run("queued"))) == "queued"
    asked = action(call())
    asked["submit_tool_outputs"]["tool_calls"].append({"id": "x", "type": "telepathy"})
    assert waiting(Run.model_validate(run("requires_action", required_action=asked))) == ["look", "telepathy"]
    assert waiting(Run.model_validate(run("completed", required_action=asked))) == []
    assert waiting(Run.model_validate(run("requires_action"))) == []


def test_reasons() -> None:
    assert reason(None) == "no reason was given"
    assert why_incomplete(Run.model_validate(run("incomplete"))) == "no reason was given"
    cut = Message.model_validate(message(incomplete_details={"reason": "max_tokens"}))
    assert why_incomplete(cut) == "max_tokens"
