"""A run as HTML: nothing that anybody says is obeyed by a browser."""

from __future__ import annotations

import pytest

from assistream.errors import ToolError
from assistream.recording.html import html
from assistream.recording.story import Story

from ..frames import MD, MI, RA, RC, RF, RI, SC, call, code_call, event, image_block, run
from .test_markdown import CALL, story_of

EVIL = "<script>alert(1)</script><img src=x onerror=y>&\"'"


@pytest.mark.parametrize(
    "frames",
    [
        [MD("msg_1", EVIL)],
        [MD("msg_1", image_block(EVIL))],
        [MD("msg_1", {"type": "image_url", "image_url": {"url": EVIL}})],
        [MD("msg_1", {"type": "refusal", "refusal": EVIL})],
        [MD("msg_1", {"type": EVIL})],
        [MI("msg_1", incomplete_details={"reason": EVIL})],
        [SC(calls=[call(name=EVIL, arguments=EVIL, output=EVIL)])],
        [SC(calls=[{"id": "x", "type": EVIL}])],
        [SC(calls=[code_call(input=EVIL, outputs=[{"type": "logs", "logs": EVIL}])])],
        [RF(last_error={"code": EVIL, "message": EVIL})],
        [RI(incomplete_details={"reason": EVIL})],
        [event("thread.run.queued", run(EVIL))],
        [RA(call(name=EVIL))],
    ],
)
def test_html_is_escaped(frames: list[bytes]) -> None:
    story = story_of(*frames)
    story.exception(ValueError(EVIL))
    page = html(story)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_html_of_tools() -> None:
    story = Story()
    story.tool_started(CALL)
    story.tool_progress(CALL, "half way")
    assert "→ look" in html(story)
    assert "half way" in html(story)
    story.tool_output(CALL, "blue")
    assert "half way" not in html(story)
    assert "blue" in html(story)
    story.tool_error(CALL, ToolError("no sky"))
    assert "ToolError: no sky" in html(story)
    assert "blue" not in html(story)


def test_html_says_how_it_stands() -> None:
    story = story_of(RC())
    assert "queued …" in html(story)
    story.end()
    assert "queued …" not in html(story)
    assert html(Story()) == "<div></div>"
