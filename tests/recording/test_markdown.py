"""A run as Markdown: whatever was said stays what it was."""

from __future__ import annotations

from pathlib import Path

from assistream.errors import ToolError
from assistream.handlers.hooks import Hooks
from assistream.recording.markdown import markdown, write_markdown
from assistream.recording.story import Story
from assistream.recording.watching import Watcher
from assistream.streaming.dispatch import fire
from assistream.streaming.snapshots import StreamState
from assistream.types import PendingCall

from ..frames import (
    DM,
    DS,
    MC,
    MD,
    MI,
    RA,
    RC,
    RD,
    RF,
    RI,
    SC,
    SD,
    Object,
    block,
    call,
    code_call,
    function,
    image_block,
)
from ..streaming.traces import parsed

CALL = PendingCall(id="call_1", name="look", arguments='{"at": "sky"}', run_id="run_1", thread_id="thread_1")


def story_of(*frames: bytes) -> Story:
    story = Story()
    hooks, state = Hooks([Watcher(story)]), StreamState()
    for each in parsed(frames):
        for _ in fire(hooks, each, state):
            pass
    return story


def test_a_run() -> None:
    frames = [
        RC(),
        SC(calls=[]),
        DS("step_1", function('{"a": 1}', id="call_1", name="look")),
        RA(call(arguments='{"a": 1}')),
    ]
    frames += [SD(calls=[call(arguments='{"a": 1}', output="blue")]), SC("step_2"), MC(), MD("msg_1", "*Blue.*"), RD()]
    assert markdown(story_of(*frames)) == (
        '**calls** `look`\n\n```json\n{"a": 1}\n```\n\n**returned**\n\n```\nblue\n```\n\n'
        "**assistant**\n\n*Blue.*\n\n---\n\n*completed · 2 steps · 1 + 2 tokens*\n"
    )


def test_it_grows() -> None:
    assert markdown(story_of(RC(), MC(), DM("msg_1", "Hel"), DM("msg_1", "lo"))).startswith(
        "**assistant**\n\nHello\n\n"
    )
    assert markdown(story_of()) == "\n"


def test_fences_are_longer_than_what_is_in_them() -> None:
    code = "print('''\n```\nx\n````\n''')"
    written = markdown(story_of(SC(calls=[code_call(input=code)])))
    assert f"`````python\n{code}\n`````" in written


def test_names_with_backticks() -> None:
    assert "**calls** `` `x` ``" in markdown(story_of(SC(calls=[call(name="`x`", arguments="{}")])))
    assert "*Image: file `a b`*" in markdown(story_of(MD("msg_1", image_block("a\nb"))))


def test_content_of_every_kind() -> None:
    citation: Object = {
        "type": "file_citation",
        "text": "【1】",
        "file_citation": {"file_id": "file_1", "quote": "a *b*\nc"},
    }
    path = {"type": "file_path", "text": "sandbox:/x", "file_path": {"file_id": "file_2"}}
    strange = {"type": "hologram"}
    url = {"type": "image_url", "image_url": {"url": "http://x/y"}}
    no = {"type": "refusal", "refusal": "No."}
    content: list[Object] = [block("See 【1】", [citation, path, strange]), image_block(), url, no, strange]
    assert markdown(story_of(MD("msg_1", *content))) == (
        "**assistant**\n\nSee 【1】\n\n"
        "- `【1】` cites file `file_1`: a \\*b\\* c\n- `sandbox:/x` is file `file_2`\n\n"
        "*Image: file `file_1`*\n\n*Image: `http://x/y`*\n\n*Refused:* No.\n\n"
        "*Content of an unknown type: `hologram`*\n"
    )


def test_how_it_ended() -> None:
    assert markdown(story_of(RF())).endswith("```\nserver_error: Sorry, something went wrong.\n```\n")
    assert markdown(story_of(RI())).endswith("*Incomplete: max\\_completion\\_tokens*\n")
    assert markdown(story_of(RA())).endswith("Waiting for the output of `look`\n")
    assert "*The message is incomplete: max\\_tokens*" in markdown(story_of(MI("msg_1", "Hel")))
    story = story_of(RC())
    story.exception(ValueError("no"))
    assert markdown(story).endswith("**error**\n\n```\nValueError: no\n```\n")
    story.stream_cancelled()
    assert markdown(story).endswith("```\ninterrupted\n```\n")


def test_functions_of_the_program() -> None:
    story = Story()
    story.tool_started(CALL)
    story.tool_progress(CALL, "half *way*")
    assert "*half \\*way\\**" in markdown(story)
    story.tool_output(CALL, "blue")
    assert markdown(story).endswith("**returned**\n\n```\nblue\n```\n")
    story.tool_error(CALL, ToolError("no sky"))
    assert markdown(story).endswith("**failed**\n\n```\nToolError: no sky\n```\n")
    assert markdown(story).count("**calls**") == 1


def test_calls_that_were_never_given_an_id() -> None:
    assert markdown(story_of(SC(calls=[]), DS("step_1", function("{", name="look")), DS("step_1", function("}")))) == (
        "**calls** `look`\n\n```json\n{}\n```\n"
    )


def test_a_file(tmp_path: Path) -> None:
    story = story_of(MD("msg_1", "你好"))
    story.tool_output(CALL, "half: \ud83d")
    write_markdown(tmp_path / "run.md", story)
    written = (tmp_path / "run.md").read_text(encoding="utf-8")
    assert written.startswith("**assistant**\n\n你好\n")
    assert "half: ?" in written
