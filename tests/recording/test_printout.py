"""What is written of a run, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from assistream.errors import ToolError
from assistream.handlers.hooks import Hooks
from assistream.recording.printout import LIMIT, Printout
from assistream.recording.watching import Watcher
from assistream.streaming.dispatch import fire
from assistream.streaming.snapshots import StreamState
from assistream.types import PendingCall, Run, Text, TextDelta

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
    RP,
    SC,
    SD,
    Object,
    call,
    code,
    code_call,
    event,
    function,
    image,
    image_block,
    refusal,
    run,
    step,
    text,
)
from ..streaming.traces import parsed

CALL = PendingCall(id="call_1", name="look", arguments='{"at": "sky"}', run_id="run_1", thread_id="thread_1")


class Notes:
    """A pen that remembers; waiting is written as ``<row>``."""

    def __init__(self, *, live: bool = False) -> None:
        self.live = live
        self.text = ""
        self.styles: list[tuple[str, str]] = []
        self.waits: list[list[str]] = []
        self.waiting = False

    def write(self, text: str, style: str = "") -> None:
        self.waiting = False
        self.text += text
        self.styles.append((text, style))

    def wait(self, rows: Sequence[str]) -> None:
        assert not self.text or self.text.endswith("\n"), "a spinner in the middle of a line"
        self.waiting = True
        self.waits.append(list(rows))

    def rest(self) -> None:
        self.waiting = False


def printed(*frames: bytes, live: bool = False, steps: bool = False) -> Notes:
    """What is written of these frames, to the end."""
    notes = Notes(live=live)
    watcher = Watcher(Printout(notes, steps=steps, clock=lambda: 0.0))
    hooks, state = Hooks([watcher]), StreamState()
    for each in parsed(frames):
        for _ in fire(hooks, each, state):
            pass
    watcher.on_end()
    assert not notes.waiting
    return notes


def view(**options: Any) -> tuple[Notes, Printout]:
    notes = Notes(**options)
    return notes, Printout(notes, clock=lambda: 0.0)


def test_text() -> None:
    notes = printed(RC(), SC(), MC(), DM("msg_1", "Hel"), DM("msg_1", "lo"), MD("msg_1", "Hello"), SD(), RD())
    assert notes.text == "Hello\ncompleted · 1 step · 1 + 2 tokens · 0.0 s\n"
    assert [piece for piece, _ in notes.styles][:2] == ["Hel", "lo"]  # as it came


def test_steps() -> None:
    notes = printed(RC(), SC(calls=[]), SD(calls=[]), SC("step_2"), SD("step_2"), RD(), steps=True)
    assert notes.text == "step 1 · tool calls\nstep 2 · message\ncompleted · 2 steps · 1 + 2 tokens · 0.0 s\n"


def test_a_message_that_comes_whole() -> None:
    assert printed(MC("msg_1", "Hello"), MD("msg_1", "Hello")).text == "Hello\n"
    assert printed(MD("msg_1", "One", "Two")).text == "One\nTwo\n"


def test_two_blocks_do_not_run_into_each_other() -> None:
    frames = [MC(), DM("msg_1", text("A", 0)), DM("msg_1", text("B", 1)), DM("msg_1", text("B", 1))]
    assert printed(*frames, MD("msg_1", "A", "BB")).text == "A\nBB\n"


def test_blocks_that_are_interleaved_are_told_apart() -> None:
    frames = [DM("msg_1", text(piece, index)) for piece, index in (("a", 0), ("b", 1), ("a", 0), ("b", 1))]
    assert printed(MC(), *frames, MD("msg_1", "aa", "bb")).text == "a\nb\na\nb\n"


def test_images_and_refusals() -> None:
    frames = [MC(), DM("msg_1", image("file_1")), DM("msg_1", text("See.", 1)), DM("msg_1", refusal("No", 2))]
    body = {"type": "refusal", "refusal": "No, never"}
    notes = printed(*frames, DM("msg_1", refusal(", never", 2)), MD("msg_1", image_block(), "See.", body))
    assert sorted(notes.text.splitlines()) == ["See.", "[image file_1]", "refused: No, never"]
    assert printed(MD("msg_1", body)).text == "refused: No, never\n"
    url = {"type": "image_url", "image_url": {"url": "http://x/y"}}
    assert printed(MD("msg_1", url)).text == "[image http://x/y]\n"


def test_a_message_that_is_cut_short() -> None:
    notes = printed(MC(), DM("msg_1", "Hel"), MI("msg_1", "Hel", incomplete_details={"reason": "max_tokens"}), RI())
    lines = ["Hel", "(cut short: max_tokens)", "✗ incomplete: max_completion_tokens", "incomplete · 0.0 s"]
    assert notes.text.splitlines() == lines


def test_functions() -> None:
    frames = [SC(calls=[]), DS("step_1", function("", id="call_1", name="look")), DS("step_1", function('{"at":'))]
    frames += [DS("step_1", function(' "sky"}')), DS("step_1", function("{}", 1, id="call_2", name="listen"))]
    asked = RA(call(arguments='{"at": "sky"}'), call("call_2", "listen"))
    head = '→ look {"at": "sky"}\n→ listen {}\n'
    ended = "? waiting for the output of look, listen\nrequires_action · 1 step · 0.0 s\n"
    assert printed(*frames, asked).text == head + ended
    done = [call(arguments='{"at": "sky"}', output="blue"), call("call_2", "listen", output="a\nb")]
    notes = printed(*frames, asked, SD(calls=done), RD())
    assert notes.text.startswith(head + "← look blue\n← listen a\n  b\n")


def test_functions_whose_arguments_come_at_once() -> None:
    assert printed(SC(calls=[call(arguments='{"a": 1}')])).text == '→ look {"a": 1}\n'


def test_functions_whose_arguments_are_interleaved() -> None:
    head = [DS("step_1", function("", n, id=f"call_{n}", name=f"f{n}")) for n in (0, 1)]
    frames = [*head, *(DS("step_1", function(piece, n)) for piece, n in (("{", 0), ("[", 1), ("}", 0), ("]", 1)))]
    assert printed(SC(calls=[]), *frames).text == "→ f0\n→ f1\n→ f0 {\n→ f1 [\n→ f0 }\n→ f1 ]\n"


def test_results_of_an_earlier_stream() -> None:
    assert printed(SD(calls=[call(output="blue")]), RD()).text.startswith("← look blue\n")


def test_code() -> None:
    logs = {"index": 0, "type": "logs", "logs": "3\n"}
    frames = [SC(calls=[]), DS("step_1", code("", id="call_1")), DS("step_1", code("x = 1\n")), DS("step_1", code("x"))]
    frames += [DS("step_1", code("", outputs=[logs]))]
    outputs: list[Object] = [{"type": "logs", "logs": "3\n"}, {"type": "image", "image": {"file_id": "file_1"}}]
    notes = printed(*frames, SD(calls=[code_call(input="x = 1\nx", outputs=outputs)]))
    head = "→ code interpreter\n  x = 1\n  x\n"
    assert notes.text == head + "← code interpreter 3\n← code interpreter [image file_1]\n"
    assert printed(SC(calls=[code_call(input="x")])).text == "→ code interpreter\n  x\n"


def test_tools_that_are_not_known() -> None:
    strange = {"id": "call_1", "type": "time_travel", "time_travel": {"year": 1}}
    assert printed(SC(calls=[strange]), SD(calls=[strange])).text == "→ time travel\n"


def test_failures() -> None:
    failed = event(
        "thread.run.step.failed", step(status="failed", last_error={"code": "server_error", "message": "Ow"})
    )
    lines = printed(RC(), SC(), failed, RF()).text.splitlines()
    assert lines == [
        "✗ step failed: server_error: Ow",
        "✗ server_error: Sorry, something went wrong.",
        "failed · 1 step · 0.0 s",
    ]


def test_exceptions() -> None:
    notes, printout = view()
    printout.text_delta(TextDelta(value="Hel"), Text(value="Hel", annotations=[]))
    printout.exception(ToolError("no\x1b[31m order"))
    printout.stream_cancelled()
    printout.end()
    assert notes.text == "Hel\n✗ ToolError: no␛[31m order\ninterrupted\n"


def test_the_loop() -> None:
    notes, printout = view()
    printout.tool_approval(CALL)
    printout.tool_started(CALL)
    printout.tool_progress(CALL, "half way")
    printout.tool_output(CALL, "blue")
    printout.tool_started(CALL)
    printout.tool_error(CALL, ToolError("no sky"))
    assert notes.text.splitlines() == [
        '? look {"at": "sky"} waits for an approval',
        '→ look {"at": "sky"}',
        "  look: half way",
        "← look blue",
        "← look ToolError: no sky",
    ]


def test_the_loop_tells_a_result_once() -> None:
    notes, printout = view()
    printout.tool_output(CALL, "blue")
    (ended,) = parsed([SD(calls=[call(output="blue")])])
    printout.run_step_done(ended.data)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- it is a step
    assert notes.text == "← look blue\n"


def test_what_is_waited_for() -> None:
    notes, printout = view(live=True)
    printout.run_changed(Run.model_validate(run("queued")))
    printout.run_changed(Run.model_validate(run("in_progress")))
    printout.tool_started(CALL)
    other = CALL.model_copy(update={"id": "call_2", "name": "listen\x1b"})
    printout.tool_started(other)
    printout.tool_progress(other, "half way")
    printout.tool_output(CALL, "blue")
    printout.tool_output(other, "hush")
    assert notes.waits == [
        ["queued"],
        ["thinking"],
        ["look"],
        ["look", "listen␛"],
        ["look", "listen␛: half way"],
        ["listen␛: half way"],
        ["thinking"],
    ]
    assert "half way" not in notes.text  # that was to be seen where it waits
    printout.run_changed(Run.model_validate(run("requires_action")))
    assert not notes.waiting  # somebody may be about to ask something


@pytest.mark.parametrize(
    "frames",
    [
        [MC(), DM("msg_1", "\x1b[2J\x07\x9b1m\r\x00"), RD()],
        [SC(calls=[call(id="call_\x1b1", name="\x1b]0;x\x07", arguments="\x1b[31m")]), RD()],
        [SD(calls=[code_call(input="\x1b[A", outputs=[{"type": "logs", "logs": "\x1bc\x08"}])]), RD()],
        [RF(last_error={"code": "\x1b", "message": "\x1b[31m"})],
        [RC(), RP(), event("thread.run.completed", run("\x1b[31m"))],
        [event("thread.run.step.created", step(type="\x1b"))],
        [MD("msg_1", image_block("\x1b"), {"type": "refusal", "refusal": "\x1b"})],
    ],
)
def test_nothing_that_a_terminal_obeys_gets_through(frames: list[bytes]) -> None:
    written = printed(*frames, steps=True).text
    assert [character for character in written if character < " " and character != "\n"] == []
    assert not set(written) & {chr(code) for code in range(0x7F, 0xA0)}


def test_long_results_are_cut() -> None:
    notes, printout = view()
    printout.tool_output(CALL, "x" * (LIMIT + 1))
    assert notes.text == f"← look {'x' * LIMIT} … (2,001 characters)\n"
