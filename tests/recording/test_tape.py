"""The file format: an event stream like any other, that loses nothing of what came."""

from __future__ import annotations

from pathlib import Path

import pytest
from httpx_sse import ServerSentEvent
from hypothesis import given
from hypothesis import strategies as st

from assistream import StreamProtocolError
from assistream.recording.tape import Tape, read_legs
from assistream.streaming.sse import Frame, SSEDecoder
from assistream.types import PendingCall
from assistream.types.tools import ToolOutputEvent, ToolResult, ToolStart, ToolStartedEvent

from ..frames import DONE, RA, RC, RD

CALL = PendingCall(id="call_1", name="look", arguments="{}", run_id="run_1", thread_id="thread_1")


class Clock:
    """Says what it is told, a quarter of a second later each time."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += 0.25
        return self.now


def frames(data: bytes) -> list[Frame]:
    return SSEDecoder().feed(data)


def told(frame: ServerSentEvent) -> tuple[str, str, str, int | None]:
    return frame.event, frame.data, frame.id, frame.retry


def taped(tmp_path: Path, data: bytes) -> bytes:
    tape = Tape(tmp_path / "tape.sse", overwrite=True, clock=Clock())
    for frame in frames(data):
        tape.add(frame)
    tape.close()
    return tape.path.read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        RC() + RD() + DONE,
        b"id: 1\nevent: a\ndata: x\n\nevent: b\ndata: y\n\nid:\ndata: z\n\n",
        b"retry: 30\ndata: one\ndata: two\ndata:\n\n",
        b"data: \xff\xfe\n\n",
        'data: {"x": "\u2028 \u4f60\u597d"}\n\n'.encode(),
        b"\xef\xbb\xbfdata: bom\r\n\r\n",
    ],
)
def test_frames_come_out_as_they_went_in(tmp_path: Path, data: bytes) -> None:
    again = frames(taped(tmp_path, data))
    assert [told(frame) for frame in again] == [told(frame) for frame in frames(data)]
    assert [frame.raw for frame in again] == [frame.raw for frame in frames(data)]


@given(st.lists(st.tuples(st.sampled_from(["a", "thread.run.created", "done", "b\0"]), st.binary(max_size=30))))
def test_any_data_can_be_taped(tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, bytes]]) -> None:
    tape = Tape(tmp_path_factory.mktemp("tape") / "tape.sse")
    clean = [(name, data.replace(b"\r", b"")) for name, data in said]  # no decoder gives a CR
    for name, data in clean:
        tape.add(Frame(data, name))
    tape.close()
    body = tape.path.read_bytes() if clean else b""
    assert [(frame.event, frame.raw) for frame in frames(body)] == [(n.replace("\0", "\ufffd"), d) for n, d in clean]


def test_what_it_looks_like(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "tape.sse", clock=Clock())
    tape.add(Frame(b"{}", "thread.run.requires_action", "7"))
    tape.add_tool_event(ToolStartedEvent(data=ToolStart(call=CALL)))
    tape.add(Frame(b"[DONE]", "done"))
    tape.close()
    written = '{"call":{"id":"call_1","name":"look","arguments":"{}","run_id":"run_1","thread_id":"thread_1"}}'
    assert tape.path.read_text() == (
        ": assistream recording\n"
        ": +0.250000\nid: 7\nevent: thread.run.requires_action\ndata: {}\n\n"
        f": +0.500000\n: tool.started {written}\n"
        ": +0.750000\nid: \nevent: done\ndata: [DONE]\n\n"
    )


def test_each_frame_is_on_disk_at_once(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "tape.sse")
    assert not tape.path.exists()
    tape.add(Frame(b"x", "a"))
    assert b"data: x\n\n" in tape.path.read_bytes()
    tape.close()
    tape.close()


def test_a_file_is_not_overwritten_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "tape.sse"
    path.write_text("precious")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        Tape(path)
    assert path.read_text() == "precious"
    tape = Tape(path, overwrite=True)
    tape.add(Frame(b"x", "a"))
    tape.close()
    assert "precious" not in path.read_text()


def test_two_recorders_of_one_path_do_not_share_it(tmp_path: Path) -> None:
    first, second = Tape(tmp_path / "tape.sse"), Tape(tmp_path / "tape.sse")
    first.add(Frame(b"x", "a"))
    with pytest.raises(FileExistsError):
        second.add(Frame(b"y", "a"))
    first.close()


def test_a_tape_goes_on_after_it_was_closed(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "tape.sse")
    for data in (b"x", b"y"):
        tape.add(Frame(data, "a"))
        tape.close()
    assert [frame.raw for frame in frames(tape.path.read_bytes())] == [b"x", b"y"]


def test_legs_with_their_times(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "tape.sse", clock=Clock())
    tape.add(frames(RC())[0])
    tape.add(frames(RA())[0])
    tape.add(frames(DONE)[0])
    tape.add_tool_event(ToolOutputEvent(data=ToolResult(call=CALL, output="4\n2")))
    tape.add(frames(RD())[0])
    tape.close()
    first, second = read_legs(tape.path.read_bytes())
    assert [piece.delay for piece in first.pieces] == [0.25] * 3
    ((delay, event),) = second.tool_events
    assert (delay, event.event, event.data) == (0.25, "tool.output", ToolResult(call=CALL, output="4\n2"))
    assert [piece.delay for piece in second.pieces] == [0.25]
    assert b"".join(piece.data for leg in (first, second) for piece in leg.pieces) == tape.path.read_bytes()


HEAD = b": assistream recording\n"


@pytest.mark.parametrize(
    "comment", [b": +soon", b": +", b": +inf", b": +1e9", b": +5", b": tool.output hello", b": hello"]
)
def test_comments_of_others_mean_nothing(comment: bytes) -> None:
    (leg,) = read_legs(comment + b"\n" + RC())
    assert [piece.delay for piece in leg.pieces] == [0]
    assert leg.tool_events == []


def test_times_that_no_clock_has_told_are_no_times() -> None:
    times = [b"5", b"1", b"6", b"inf", b"nan", b"7", b"1e9", b"1e9", b"3"]
    (leg,) = read_legs(HEAD + b"".join(b": +" + time + b"\n" + RC() for time in times))
    assert [piece.delay for piece in leg.pieces] == [5, 0, 1, 0, 0, 1, 0, 0, 0]


def test_what_is_unfinished_is_kept() -> None:
    (leg,) = read_legs(RC() + b"event: error\ndata: {}")
    assert [piece.data for piece in leg.pieces] == [RC(), b"event: error\ndata: {}"]


@pytest.mark.parametrize("comment", [b": tool.output {}", b": +soon", b": stream.failed []", b": stream.failed {"])
def test_a_comment_of_ours_that_is_broken_is_an_error(comment: bytes) -> None:
    with pytest.raises(StreamProtocolError, match=r"This recording is broken: it cannot have the comment '.*at byte"):
        read_legs(HEAD + RA() + DONE + comment + b"\n" + RD())


def test_a_comment_that_the_end_of_the_file_cuts_off_says_nothing() -> None:
    *_, leg = read_legs(HEAD + RA() + DONE + b': tool.output {"call": {"id"')
    assert leg.tool_events == []
    assert leg.pieces == []


def test_comments_alone_are_no_leg(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "tape.sse")
    for frame in frames(RA() + DONE):
        tape.add(frame)
    tape.add_tool_event(ToolStartedEvent(data=ToolStart(call=CALL)))
    tape.add_failure(ZeroDivisionError("by 0\n\u2028"))
    tape.close()
    first, last = read_legs(tape.path.read_bytes())
    assert len(first.pieces) == 2
    assert (last.pieces, len(last.tool_events)) == ([], 1)
    assert last.failure == ("ZeroDivisionError", "by 0\n\u2028")


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    taped(tmp_path, RC())
    assert (tmp_path / "tape.sse").stat().st_mode & 0o777 == 0o600


def test_a_place_where_no_file_can_be_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing/tape\.sse"):
        Tape(tmp_path / "missing" / "tape.sse")
    with pytest.raises(IsADirectoryError):
        Tape(tmp_path, overwrite=True)
