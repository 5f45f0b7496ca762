from __future__ import annotations

import codecs
import copy
import json
import pickle
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path

import httpx_sse
import pytest
from httpx_sse import _decoders as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from assistream.errors import StreamProtocolError
from assistream.streaming.sse import Frame, SSEDecoder, comment, encode
from tests.shared import ROOT, shared_files

BOM = b"\xef\xbb\xbf"
OURS = [pytest.param(path, id=path.name) for path in sorted((ROOT / "tests" / "data").glob("*.sse"))]
STREAM_FILES = [*OURS, *shared_files("streams/*.sse")]

Fields = tuple[str, bytes, str, int | None]


def fields(frame: Frame) -> Fields:
    return frame.event, frame.raw, frame.id, frame.retry


def pieces(raw: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    """`raw` in chunks of these sizes, which are repeated as long as needed."""
    at = 0
    for size in cycle(sizes):
        if at >= len(raw):
            return
        yield raw[at : at + size]
        at += size


def decode(chunks: Iterable[bytes], decoder: SSEDecoder | None = None) -> list[Fields]:
    decoder = decoder or SSEDecoder()
    return [fields(frame) for chunk in chunks for frame in decoder.feed(chunk)]


# --- the frame


def test_frame_is_an_ordinary_server_sent_event() -> None:
    frame = Frame(b'{"a":1}', "thread.created", "7", 20)
    assert isinstance(frame, httpx_sse.ServerSentEvent)
    assert (frame.event, frame.data, frame.id, frame.retry) == ("thread.created", '{"a":1}', "7", 20)
    assert frame.json() == {"a": 1}
    assert repr(frame) == repr(httpx_sse.ServerSentEvent("thread.created", '{"a":1}', "7", 20))


def test_frame_defaults_are_those_of_httpx_sse() -> None:
    frame, other = Frame(b""), httpx_sse.ServerSentEvent()
    assert (frame.event, frame.data, frame.id, frame.retry) == (other.event, other.data, other.id, other.retry)


def test_frame_decodes_invalid_bytes_with_replacement() -> None:
    frame = Frame(b"caf\xc3\xa9 \xff")
    assert (frame.raw, frame.data) == (b"caf\xc3\xa9 \xff", "café \ufffd")


def test_frame_survives_copy_and_pickle() -> None:
    frame = Frame(b"x", "e", "7", 20)
    assert fields(copy.deepcopy(frame)) == fields(pickle.loads(pickle.dumps(frame))) == fields(frame)


# --- WHATWG HTML 9.2.6, "Interpreting an event stream"

RULES: dict[str, tuple[bytes, list[Fields]]] = {
    "data only": (b"data: x\n\n", [("message", b"x", "", None)]),
    "all fields": (b"id: 1\nevent: e\nretry: 5\ndata: x\n\n", [("e", b"x", "1", 5)]),
    "lines of data are joined by LF": (b"data: a\ndata: b\ndata:\n\n", [("message", b"a\nb\n", "", None)]),
    "one leading space is dropped": (b"data:  x\nevent:  e\n\n", [(" e", b" x", "", None)]),
    "the space is optional": (b"event:e\nid:1\nretry:5\ndata:x\n\n", [("e", b"x", "1", 5)]),
    "a tab is no space": (b"data:\tx\n\n", [("message", b"\tx", "", None)]),
    "the value may hold colons": (b"data: a: b\n\n", [("message", b"a: b", "", None)]),
    "a field without colon has an empty value": (b"data\n\n", [("message", b"", "", None)]),
    "two empty lines of data": (b"data\ndata\n\n", [("message", b"\n", "", None)]),
    "an empty line of data is data": (b"data:\n\n", [("message", b"", "", None)]),
    "an empty event name means message": (b"event: e\nevent:\ndata: x\n\n", [("message", b"x", "", None)]),
    "the last event name counts": (b"event: a\nevent: b\ndata: x\n\n", [("b", b"x", "", None)]),
    "a name counts for its own frame only": (b"event: e\n\ndata: x\n\n", [("message", b"x", "", None)]),
    "without data nothing is dispatched": (b"event: ping\n\nretry: 5\n\n\n\n", []),
    "comments": (b": hello\n:\n\ndata: x\n: y\n\n", [("message", b"x", "", None)]),
    "unknown fields": (b"foo: bar\nData: X\n data: y\ndata : z\ndata: x\n\n", [("message", b"x", "", None)]),
    "an id lasts": (b"id: 1\ndata: a\n\ndata: b\n\n", [("message", b"a", "1", None), ("message", b"b", "1", None)]),
    "an id counts without data": (b"id: 1\n\ndata: x\n\n", [("message", b"x", "1", None)]),
    "an empty id resets": (
        b"id: 1\ndata: a\n\nid\ndata: b\n\n",
        [("message", b"a", "1", None), ("message", b"b", "", None)],
    ),
    "an id with NUL is ignored": (b"id: 1\nid: 2\0\nid:\0\ndata: x\n\n", [("message", b"x", "1", None)]),
    "retry must be ASCII digits": (
        "retry: 7\nretry: ١٢\nretry: -1\nretry: +1\nretry: 1_0\nretry:  1\nretry: 1.5\nretry:\ndata: x\n\n".encode(),
        [("message", b"x", "", 7)],
    ),
    "retry that no clock has": (b"retry: " + b"9" * 5000 + b"\ndata: x\n\n", [("message", b"x", "", None)]),
    "an unfinished frame is not dispatched": (b"data: a\n\ndata: b\n", [("message", b"a", "", None)]),
    "nor one whose last line is cut": (b"data: a", []),
    "CRLF": (b"event: e\r\ndata: a\r\ndata: b\r\n\r\n", [("e", b"a\nb", "", None)]),
    "CR": (b"event: e\rdata: a\rdata: b\r\r", [("e", b"a\nb", "", None)]),
    "line ends mixed": (
        b"data: a\rdata: b\r\ndata: c\n\r\ndata: d\n\r",
        [("message", b"a\nb\nc", "", None), ("message", b"d", "", None)],
    ),
    "CRLF is one line end": (b"data: a\r\ndata: b\r\n", []),
    "LF CR is two": (b"data: a\n\rdata: b\n\r", [("message", b"a", "", None), ("message", b"b", "", None)]),
    "a BOM at the start": (BOM + b"data: x\n\n", [("message", b"x", "", None)]),
    "only one": (BOM + BOM + b"data: x\n\ndata: y\n\n", [("message", b"y", "", None)]),
    "and only at the start": (b"data: x\n\n" + BOM + b"data: y\n\n", [("message", b"x", "", None)]),
    "a BOM inside data": (b"data: " + BOM + b"x\n\n", [("message", BOM + b"x", "", None)]),
    "what begins like a BOM": (BOM[:2] + b"data: x\n\ndata: y\n\n", [("message", b"y", "", None)]),
    "other line separators are data": (
        "data: a\u2028b\u2029c\x85d\x0be\x0cf\n\n".encode(),
        [("message", "a\u2028b\u2029c\x85d\x0be\x0cf".encode(), "", None)],
    ),
    "invalid UTF-8 in names and ids": (
        b"event: \xff\nid: \xfe\ndata: \xfd\n\n",
        [("\ufffd", b"\xfd", "\ufffd", None)],
    ),
    "a delta, as most frames are": (
        b"event: thread.message.delta\ndata: {}\n\nevent: thread.run.step.delta\r\ndata: {}\r\n\r\n",
        [("thread.message.delta", b"{}", "", None), ("thread.run.step.delta", b"{}", "", None)],
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_rules_of_the_standard(rule: str) -> None:
    raw, expected = RULES[rule]
    assert decode([raw]) == expected


@pytest.mark.parametrize("rule", RULES)
def test_rules_hold_when_every_byte_comes_alone(rule: str) -> None:
    raw, expected = RULES[rule]
    assert decode(pieces(raw, [1])) == expected


@pytest.mark.parametrize("rule", RULES)
def test_rules_hold_at_every_cut(rule: str) -> None:
    raw, expected = RULES[rule]
    for at in range(min(len(raw), 200)):
        assert decode([raw[:at], b"", raw[at:]]) == expected


def test_a_frame_that_ends_in_cr_does_not_wait_for_a_possible_lf() -> None:
    decoder = SSEDecoder()
    assert decode([b"data: x\r\n\r"], decoder) == [("message", b"x", "", None)]
    assert decode([b"\n", b"data: y\r\n\r\n"], decoder) == [("message", b"y", "", None)]


# --- what the decoder knows beside the frames


def test_last_event_id_is_that_of_the_last_whole_frame() -> None:
    decoder = SSEDecoder()
    decoder.feed(b"id: 1\ndata: x\n\nid: 2\ndata: y\n")
    assert decoder.last_event_id == "1"
    decoder.feed(b"\n")
    assert decoder.last_event_id == "2"
    decoder.feed(b"id: 3\n\n")
    assert decoder.last_event_id == "3"


def test_retry_is_the_last_one_seen_and_counts_at_once() -> None:
    decoder = SSEDecoder()
    assert decoder.retry is None
    assert decode([b"retry: 10\n\ndata: x\n\n"], decoder) == [("message", b"x", "", None)]
    assert decoder.retry == 10
    decoder.feed(b"retry: 20\n")
    assert decoder.retry == 20


def test_offset_counts_bytes_and_frames_counts_frames() -> None:
    decoder, raw = SSEDecoder(), BOM + b"data: a\r\n\r\n: c\n\nevent: e\n\ndata: b\n\ndat"
    for chunk in pieces(raw, [4]):
        decoder.feed(chunk)
    assert (decoder.offset, decoder.frames) == (len(raw), 2)


def test_unfinished_shows_the_frame_the_input_broke_off_in() -> None:
    decoder = SSEDecoder()
    assert decoder.unfinished() is None
    decoder.feed(b"data: a\n\nid: 5\nevent: error\ndata: {}\ndata: tru")
    frame = decoder.unfinished()
    assert frame is not None
    assert fields(frame) == ("error", b"{}", "5", None)
    assert (decoder.frames, decoder.last_event_id) == (1, "")


def test_unfinished_does_not_disturb_the_frame() -> None:
    decoder = SSEDecoder()
    decoder.feed(b"event: e\ndata: a\n")
    decoder.unfinished()
    assert decode([b"data: b\n\n"], decoder) == [("e", b"a\nb", "", None)]


# --- the limit


def small() -> SSEDecoder:
    return SSEDecoder(max_event_size=20)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(b"data: 12345678901234\n\n", id="one line"),
        pytest.param(b"data:1234\ndata: 12345\n\n", id="two lines"),
        pytest.param(b"event: e\ndata: 123456\r\n\r\n", id="CRLF"),
        pytest.param(b": 345678\ndata: 123456\n\n", id="with a comment"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_an_event_may_be_as_large_as_the_limit_and_no_larger(event: bytes, size: int) -> None:
    assert len(decode(pieces(event * 3, [size]), small())) == 3
    larger = event.replace(b"data: ", b"data: 0")
    with pytest.raises(StreamProtocolError):
        decode([*pieces(larger, [size])], small())


@pytest.mark.parametrize("start", [b"data: ", b"event: ", b"id: ", b": ", b"unknown: ", b""])
def test_a_line_that_never_ends_is_refused(start: bytes) -> None:
    decoder = small()
    decoder.feed(start)
    with pytest.raises(StreamProtocolError):
        decode([b"xxxxx"] * 5, decoder)


def test_the_line_being_read_counts_with_those_before_it() -> None:
    decoder = small()
    decode([b"data: 12\n", b"x" * 12], decoder)
    with pytest.raises(StreamProtocolError, match="21 bytes"):
        decoder.feed(b"x")


def test_lines_that_never_end_their_event_are_refused() -> None:
    with pytest.raises(StreamProtocolError):
        decode([b"data: x\n"] * 5, small())


def test_the_error_says_what_was_seen_where_and_what_to_do() -> None:
    decoder = small()
    decoder.feed(b"data: a\n\ndata: b\n\n")
    with pytest.raises(StreamProtocolError, match=r"event of 26 bytes .*20 are allowed.*max_event_size") as caught:
        decoder.feed(b"data: 01234567890123456789\n\n")
    assert (caught.value.frame, caught.value.offset) == (3, 46)


def test_frames_before_the_large_one_are_returned_first() -> None:
    decoder = small()
    assert decode([b"data: a\n\ndata: b\n\n" + b"data: x\n" * 5 + b"\ndata: c\n\n"], decoder) == [
        ("message", b"a", "", None),
        ("message", b"b", "", None),
    ]
    with pytest.raises(StreamProtocolError):
        decoder.feed(b"")


def test_after_the_error_every_feed_raises_it_again() -> None:
    decoder = small()
    for chunk in (b"x" * 21, b"\n\ndata: a\n\n", b""):
        with pytest.raises(StreamProtocolError, match="21 bytes") as caught:
            decoder.feed(chunk)
        assert (caught.value.frame, caught.value.offset) == (1, 21)


@pytest.mark.parametrize("piece", [b"x" * 65536, b"data: " + b"x" * 993 + b"\n"], ids=["one line", "many lines"])
def test_a_gigabyte_event_is_never_held(piece: bytes) -> None:
    limit, announced = 1 << 20, 1 << 30
    decoder = SSEDecoder(max_event_size=limit)
    decoder.feed(b"data: ")
    tracemalloc.start()
    try:
        with pytest.raises(StreamProtocolError):
            decode((piece for _ in range(announced // len(piece))), decoder)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert decoder.offset <= limit + 2 * len(piece) + 6
    assert peak < 2 * limit  # a buffer that grows holds its old and its new place for a moment


# --- the encoder


def test_encode_writes_the_frame_as_the_api_does() -> None:
    assert encode("done", "[DONE]") == b"event: done\ndata: [DONE]\n\n"
    assert encode("thread.created", b"{}", id="7") == b"id: 7\nevent: thread.created\ndata: {}\n\n"


@pytest.mark.parametrize("data", ["a\n\nevent: x\ndata: y", "a\r\revent: x\rdata: y", "a\r\n\r\nevent: x\r\ndata: y"])
def test_content_cannot_inject_a_frame(data: str) -> None:
    assert decode([encode("e", data)]) == [("e", b"a\n\nevent: x\ndata: y", "", None)]


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\r\nb", "a\0b"])
def test_names_and_ids_that_the_format_cannot_carry_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="event"):
        encode(text, "x")
    with pytest.raises(ValueError, match="id"):
        encode("e", "x", id=text)


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        encode("", "x")


def test_a_comment_says_nothing_whatever_it_holds() -> None:
    assert comment("ping") == b": ping\n\n"
    assert decode([comment("a\n\ndata: x\r\rdata: y\n"), encode("e", "z")]) == [("e", b"z", "", None)]


# --- properties

CHUNK_SIZES = st.lists(st.integers(1, 60), min_size=1, max_size=8)
TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\u2028\u2029\x85\x0b\x1c\ufeff😀: "), max_size=12)
ONE_LINE = TEXT.map(lambda text: text.replace("\r", "").replace("\n", ""))
CARRIED = ONE_LINE.map(lambda text: text.replace("\0", ""))


@given(
    frames=st.lists(st.tuples(CARRIED.filter(bool), TEXT, st.none() | CARRIED), max_size=5),
    sizes=CHUNK_SIZES,
)
@settings(max_examples=200)
def test_decoding_gives_back_what_was_encoded(frames: list[tuple[str, str, str | None]], sizes: list[int]) -> None:
    raw = b"".join(encode(event, data, id=id) + comment(data) for event, data, id in frames)
    expected: list[Fields] = []
    for event, data, id in frames:
        current = id if id is not None else expected[-1][2] if expected else ""
        expected.append((event, data.replace("\r\n", "\n").replace("\r", "\n").encode(), current, None))
    assert decode(pieces(raw, sizes)) == expected


FIELD_LINES = st.tuples(st.sampled_from(["data", "event", "id", ""]), st.sampled_from([":", ": ", ":  "]), ONE_LINE)
LINES = st.one_of(
    FIELD_LINES.map("".join).map(str.encode),
    FIELD_LINES.map("".join).map(str.encode),
    st.just(b""),
    st.just(b""),
    st.integers(0, 10**6).map(lambda retry: f"retry: {retry}".encode()),
    st.sampled_from([b"event: thread.message.delta", b"data", b"retry: x", b"retry", BOM + b"data: x", b"\xef\xbb"]),
    st.binary(max_size=8).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"")),
)
STREAMS = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\n", b"\r", b"\r\n"])).map(b"".join), max_size=24).map(
    b"".join
)


def decode_with_httpx_sse(chunks: Iterable[bytes]) -> list[tuple[str, str, str, int | None]]:
    text, cut, decoder = (
        codecs.getincrementaldecoder("utf-8")("replace"),
        reference.SSELineDecoder(),
        reference.SSEDecoder(),
    )
    lines = [line for chunk in chunks for line in cut.decode(text.decode(chunk))]
    lines += cut.flush() if cut.trailing_cr else []
    events = [event for event in map(decoder.decode, lines) if event is not None]
    return [(event.event, event.data, event.id, event.retry) for event in events]


@given(start=st.sampled_from([b"", BOM]), stream=STREAMS, sizes=CHUNK_SIZES)
@settings(max_examples=300)
def test_frames_are_those_of_httpx_sse(start: bytes, stream: bytes, sizes: list[int]) -> None:
    # httpx-sse 0.4.3 keeps the BOM, and dispatches frames without data, which it cannot tell from empty data.
    ours = [
        (event, raw.decode("utf-8", "replace"), id, retry)
        for event, raw, id, retry in decode(pieces(start + stream, sizes))
        if raw
    ]
    theirs = [event for event in decode_with_httpx_sse(pieces((start + stream).removeprefix(BOM), sizes)) if event[1]]
    assert ours == theirs


@given(stream=STREAMS, sizes=CHUNK_SIZES, limit=st.integers(1, 40))
@settings(max_examples=200)
def test_the_limit_does_not_depend_on_the_chunks(stream: bytes, sizes: list[int], limit: int) -> None:
    def outcome(chunks: Iterable[bytes]) -> tuple[list[Fields], int | None]:
        frames: list[Fields] = []
        decoder = SSEDecoder(max_event_size=limit)
        try:
            for chunk in chunks:
                frames += decode([chunk], decoder)
            decoder.feed(b"")
        except StreamProtocolError as error:
            return frames, error.frame
        return frames, None

    assert outcome(pieces(stream, sizes)) == outcome([stream])


# --- streams of the API


@pytest.mark.parametrize("path", OURS)
def test_the_projects_streams(path: Path) -> None:
    frames = SSEDecoder().feed(path.read_bytes())
    assert (frames[-1].event, frames[-1].data) == ("done", "[DONE]")
    assert all(isinstance(json.loads(frame.raw), dict) for frame in frames[:-1])
    assert b"".join(encode(frame.event, frame.raw) for frame in frames) == path.read_bytes()


@pytest.mark.parametrize("path", STREAM_FILES)
@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CRLF"])
def test_recorded_streams_in_chunks_of_any_size(path: Path, end: bytes) -> None:
    raw = path.read_bytes()
    expected = decode([raw])
    assert len(expected) == len([block for block in raw.split(b"\n\n")[:-1] if b"data: " in block])
    for size in (1, 2, 3, 7, 64, 1024):
        assert decode(pieces(raw.replace(b"\n", end), [size])) == expected


@pytest.mark.parametrize("path", STREAM_FILES)
def test_recorded_streams_cut_at_any_byte(path: Path) -> None:
    raw = path.read_bytes()[:6000]  # every cut of a long file would take minutes and show nothing more
    expected = decode([raw])
    assert all(decode([raw[:at], raw[at:]]) == expected for at in range(len(raw)))


@pytest.mark.parametrize("name", ["plain_text", "two_functions", "submit_leg", "error_event", "failed_run"])
def test_the_streams_that_other_tests_use_are_there(name: str) -> None:
    assert (ROOT / "tests" / "data" / f"{name}.sse").is_file()


ALONE = [
    b"event: thread.message.delta\ndata: {}\n\n",
    b"event: thread.run.created\ndata: {}\n\n",
    b"event: \xff\xc3\xa9  x\ndata:  two spaces\n\n",
    b"event: a\ndata: \n\n",
    b"event: \ndata: no name\n\n",
    b"event:  led by a space\ndata: x\n\n",
    b"event: a\ndata: x\r\n\n",
    b"event: a\ndata: x\ndata: y\n\n",
    b"event: a\ndata: x\n\ndata: z\n\n",
    b"event: a\n\n",
    b"event: a\ndata: x\n",
    b"\n",
    b"data: x\n\n",
    b"event: a\nid: 1\n\n",
    b"event: data\ndata: data: \n\n",
]


@pytest.mark.parametrize("chunk", ALONE)
@pytest.mark.parametrize("before", [b"", b": hello\n\n", b"id: 7\n\n", b"data: begun\n", b"dat"])
def test_a_frame_that_is_a_chunk_is_read_like_any_other(before: bytes, chunk: bytes) -> None:
    after = b"event: b\ndata: end\n\n"
    quick = decode([b": first\n\n", before, chunk, chunk, after])
    assert quick == decode([bytes([byte]) for byte in b": first\n\n" + before + chunk + chunk + after])
