"""SSE framing: the decoder of assistream beside that of httpx-sse, fed the same bytes in chunks of several sizes.

``python benchmarks/sse.py`` prints a Markdown table. The two take turns in one process and the median counts, so that
the ratio holds on a busy machine where the microseconds do not. httpx-sse's decoder reads text, so its column
includes the incremental UTF-8 decoding without which it cannot be fed; it makes the data text, ours leaves it bytes
(which is what the events are validated from).
"""

from __future__ import annotations

import codecs
import json
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

from httpx_sse import ServerSentEvent
from httpx_sse._decoders import SSEDecoder as TheirDecoder
from httpx_sse._decoders import SSELineDecoder

from assistream.streaming.sse import SSEDecoder, encode

RUNS = 15
SIZES = {"64 B": 64, "1 KiB": 1024, "16 KiB": 16 * 1024, "64 KiB": 64 * 1024}
WORDS = ["The", " harbour", " opens", " at", " six", ",", " the", " café", " at", " seven", ".", "\n"]


def theirs(chunks: list[bytes]) -> int:
    text, lines, decoder = codecs.getincrementaldecoder("utf-8")("replace"), SSELineDecoder(), TheirDecoder()
    frames: list[ServerSentEvent] = []
    for chunk in chunks:
        for line in lines.decode(text.decode(chunk)):
            event = decoder.decode(line)
            if event is not None:
                frames.append(event)
    return len(frames)


def ours(chunks: list[bytes]) -> int:
    decoder = SSEDecoder()
    frames: list[ServerSentEvent] = []
    for chunk in chunks:
        frames += decoder.feed(chunk)
    return len(frames)


def deltas(count: int, *, numbered: bool = False) -> list[bytes]:
    """Text deltas, each about 200 bytes: nine frames in ten of a real run look like this."""
    return [
        encode("thread.message.delta", delta(WORDS[n % len(WORDS)]), id=str(n) if numbered else None)
        for n in range(count)
    ]


def delta(word: str) -> str:
    content = [{"index": 0, "type": "text", "text": {"value": word}}]
    return json.dumps(
        {"id": "msg_8f2kq0s7d1m4x9z3c6v5b2n1", "object": "thread.message.delta", "delta": {"content": content}},
        separators=(",", ":"),
    )


def large(count: int) -> list[bytes]:
    """Completed messages of 1 MiB each."""
    text = "All is well in the harbour. " * (1024 * 1024 // 28)
    return [encode("thread.message.completed", json.dumps({"id": f"msg_{n}", "text": text})) for n in range(count)]


def seconds(decode: Callable[[list[bytes]], int], chunks: list[bytes], expected: int) -> float:
    started = time.perf_counter()
    count = decode(chunks)
    elapsed = time.perf_counter() - started
    if count != expected:
        raise SystemExit(f"{decode.__name__} found {count} events instead of {expected}")
    return elapsed


def compare(chunks: list[bytes], events: int) -> tuple[float, float]:
    """Microseconds per event, theirs and ours: the median of runs in turn."""
    turns = [(seconds(theirs, chunks, events), seconds(ours, chunks, events)) for _ in range(RUNS)]
    his, mine = (statistics.median(times) / events * 1e6 for times in zip(*turns, strict=True))
    return his, mine


def report(name: str, frames: list[bytes], *, frame_by_frame: bool = False) -> None:
    stream = b"".join(frames)
    ways = {label: [stream[at : at + size] for at in range(0, len(stream), size)] for label, size in SIZES.items()}
    if frame_by_frame:
        ways["one frame"] = frames
    for label, chunks in ways.items():
        his, mine = compare(chunks, len(frames))
        print(f"| {name} | {label} | {his:,.2f} | {mine:,.2f} | {his / mine:.1f} |")


def main() -> None:
    print(f"CPython {platform.python_version()}, httpx-sse {version('httpx-sse')}, median of {RUNS} runs in turn\n")
    print("| stream | chunk | httpx-sse, µs/event | assistream, µs/event | times as fast |\n|---|---|---:|---:|---:|")
    report("5,000 text deltas", deltas(5000), frame_by_frame=True)
    report("the same with `id:`", deltas(5000, numbered=True), frame_by_frame=True)
    report("8 events of 1 MiB", large(8))


if __name__ == "__main__":
    main()
