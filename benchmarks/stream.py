"""The whole path, bytes to hooks: assistream beside openai-python, on the same bytes, in one process.

``python benchmarks/stream.py`` prints a Markdown table for each of two versions of openai-python, which come from the
environments of `make compat` (made if need be). The two sides take turns and the medians count, so that the ratio
holds on a busy machine where the microseconds do not. The bytes come from memory, a chunk for each event, through a
transport of the HTTP library that the client is built on: what is measured is what a client does with a stream, from
calling the stream method until the stream is left. A measurement is a loop of so many runs that they have some 4,000
events, the same number for both sides, after one that does not count: what a short run costs a program that does one
after the other. The garbage collector is on, as it is in programs, and is run before each measurement, not before
each run. "ours" is the wall time per event of assistream, "cpu" the processor's.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import anyio

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts import compat
from tests.frames import DM, DONE, DS, MC, MD, RC, RD, RP, SC, SD, block, call, code, code_call, function, text

TURNS = {10: 9, 100: 9, 200: 5, 1000: 7, 5000: 3, 20_000: 3}
RUNS = {10: 100, 100: 40, 200: 20, 1000: 4}
"""How many runs one measurement is of, by their deltas; 1 where it is not said."""
WORDS = ["The", " harbour", " opens", " at", " six", ",", " the", " café", " at", " seven", ".", "\n"]
MESSAGE = "msg_8f2kq0s7d1m4x9z3c6v5b2n1"

IMPORTS = {
    "import": "import {0}",
    "import of a client and a handler": "from {0} import OpenAI, AssistantEventHandler",
    "import, and a client ready to stream": "from {0} import OpenAI, AssistantEventHandler as H; "
    "OpenAI(base_url='http://localhost', api_key='none').beta.threads.runs.stream",
}


class Times(NamedTuple):
    wall: float
    cpu: float


class Side(NamedTuple):
    """A client, and the HTTP library it is built on."""

    module: Any
    http: Any

    def client(self, name: str, chunks: list[bytes]) -> Any:
        """The client of this name, for which every answer is a stream of these chunks."""
        parts = {"OpenAI": ("Client", "handle_request"), "AsyncOpenAI": ("AsyncClient", "handle_async_request")}[name]
        base = self.http.BaseTransport if name == "OpenAI" else self.http.AsyncBaseTransport
        transport = type("Memory", (base,), {parts[1]: _answer(self.http, chunks, asynchronous=name != "OpenAI")})()
        http_client = getattr(self.http, parts[0])(transport=transport)
        return getattr(self.module, name)(base_url="http://memory/v1", api_key="none", http_client=http_client)


def _answer(http: Any, chunks: list[bytes], *, asynchronous: bool) -> Callable[..., Any]:
    class Body(http.SyncByteStream, http.AsyncByteStream):  # type: ignore[misc]  # httpx or httpx2
        def __iter__(self) -> Iterator[bytes]:
            yield from chunks

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in chunks:
                yield chunk

    def answer(self: object, request: object) -> Any:
        return http.Response(200, headers={"content-type": "text/event-stream"}, stream=Body())

    async def async_answer(self: object, request: object) -> Any:
        return answer(self, request)

    return async_answer if asynchronous else answer


class Clock:
    """Times the runs of one measurement: all of what it goes through but the first, which warms up."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks, self.runs = chunks, RUNS.get(len(chunks) // 10 * 10, 1)
        self.heard = 0

    def __iter__(self) -> Iterator[None]:
        yield
        self.heard = 0
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(self.runs):
            yield
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.times = Times(wall / self.runs, cpu / self.runs)

    def checked(self) -> Times:
        deltas = len(self.chunks) - 7
        if not 0 <= self.heard - deltas * self.runs <= self.runs:  # the first one of a tool call may count, or not
            raise SystemExit(f"{self.heard} deltas were heard of {deltas}, {self.runs} times")
        return self.times


def handler(side: Side, chunks: list[bytes]) -> Times:
    clock = Clock(chunks)

    def on_text_delta(self: object, delta: Any, snapshot: Any) -> None:
        clock.heard += delta.value != ""

    def on_tool_call_delta(self: object, delta: Any, snapshot: Any) -> None:
        clock.heard += delta.type != ""

    listens = {"on_text_delta": on_text_delta, "on_tool_call_delta": on_tool_call_delta}
    hooks = type("Reader", (side.module.AssistantEventHandler,), listens)
    with side.client("OpenAI", chunks) as client:
        runs = client.beta.threads.runs
        for _ in clock:
            with runs.stream(thread_id="thread_1", assistant_id="asst_1", event_handler=hooks()) as stream:
                stream.until_done()
    return clock.checked()


def iteration(side: Side, chunks: list[bytes]) -> Times:
    clock = Clock(chunks)
    with side.client("OpenAI", chunks) as client:
        runs = client.beta.threads.runs
        for _ in clock:
            with runs.create(thread_id="thread_1", assistant_id="asst_1", stream=True) as events:
                for event in events:
                    clock.heard += event.event == "thread.message.delta" and bool(event.data.delta.content)
    return clock.checked()


async def async_handler(side: Side, chunks: list[bytes]) -> Times:
    clock = Clock(chunks)

    async def on_text_delta(self: object, delta: Any, snapshot: Any) -> None:
        clock.heard += delta.value != ""

    async def on_tool_call_delta(self: object, delta: Any, snapshot: Any) -> None:
        clock.heard += delta.type != ""

    listens = {"on_text_delta": on_text_delta, "on_tool_call_delta": on_tool_call_delta}
    hooks = type("Reader", (side.module.AsyncAssistantEventHandler,), listens)
    async with side.client("AsyncOpenAI", chunks) as client:
        runs = client.beta.threads.runs
        for _ in clock:
            async with runs.stream(thread_id="thread_1", assistant_id="asst_1", event_handler=hooks()) as stream:
                await stream.until_done()
    return clock.checked()


async def async_iteration(side: Side, chunks: list[bytes]) -> Times:
    clock = Clock(chunks)
    async with side.client("AsyncOpenAI", chunks) as client:
        runs = client.beta.threads.runs
        for _ in clock:
            async with await runs.create(thread_id="thread_1", assistant_id="asst_1", stream=True) as events:
                async for event in events:  # none is kept: the garbage collector's walks over them would count, too
                    clock.heard += event.event == "thread.message.delta" and bool(event.data.delta.content)
    return clock.checked()


def on(backend: str, play: Callable[..., Any]) -> Callable[[Side, list[bytes]], Times]:
    def run(side: Side, chunks: list[bytes]) -> Times:
        times: Times = anyio.run(play, side, chunks, backend=backend)
        return times

    return run


Content = Callable[[int], list[bytes]]

CASES: dict[str, Callable[[Side, list[bytes]], Times]] = {
    "handler, sync": handler,
    "handler, asyncio": on("asyncio", async_handler),
    "iteration, sync": iteration,
    "iteration, asyncio": on("asyncio", async_iteration),
}
ON_TRIO = {"handler, trio": on("trio", async_handler), "iteration, trio": on("trio", async_iteration)}


def frames(count: int) -> list[bytes]:
    """A run that says `count` words."""
    words = [WORDS[n % len(WORDS)] for n in range(count)]
    says = [DM(MESSAGE, word) for word in words]
    return [RC(), SC(), MC(MESSAGE), *says, MD(MESSAGE, "".join(words)), SD(), RD(), DONE]


def arguments(count: int) -> list[bytes]:
    """A run that writes the arguments of a function, in `count` pieces."""
    says = [DS("step_1", function(f'"{word}", ')) for word in WORDS * (count // len(WORDS) + 1)][:count]
    begun = DS("step_1", function("", id="call_1", name="look"))
    return [RC(), RP(), SC(calls=[]), begun, *says, SD(calls=[call("call_1")]), RD(), DONE]


def codes(count: int) -> list[bytes]:
    """A run that writes code, in `count` pieces."""
    says = [DS("step_1", code(word)) for word in WORDS * (count // len(WORDS) + 1)][:count]
    begun = DS("step_1", code("", id="call_1"))
    return [RC(), RP(), SC(calls=[]), begun, *says, SD(calls=[code_call("call_1")]), RD(), DONE]


def citations(count: int) -> list[bytes]:
    """A run whose text cites files, in `count` deltas with an annotation each."""
    says = [DM(MESSAGE, text(" 【1】", annotations=[cited(n)])) for n in range(count)]
    return [RC(), SC(), MC(MESSAGE), *says, MD(MESSAGE, block("", [cited(n) for n in range(count)])), SD(), RD(), DONE]


def cited(place: int) -> dict[str, Any]:
    where = {"index": place, "start_index": 4 * place, "end_index": 4 * place + 4}
    return {"type": "file_citation", "text": "【1】", "file_citation": {"file_id": "file_1"}, **where}


def outputs(count: int) -> list[bytes]:
    """A run whose code has `count` outputs, in a delta each."""
    begun = DS("step_1", code("print()", id="call_1", outputs=[]))
    says = [DS("step_1", code("", outputs=[{"index": n, "type": "logs", "logs": "said"}])) for n in range(count)]
    return [RC(), RP(), SC(calls=[]), begun, *says, SD(calls=[code_call("call_1")]), RD(), DONE]


OTHERS: dict[str, Content] = {
    "function arguments": arguments,
    "code": codes,
    "annotations": citations,
    "outputs": outputs,
}
COUNTS = {"function arguments": (1000, 5000), "code": (1000, 5000), "annotations": (200, 1000), "outputs": (10, 200)}


def in_turn(
    sides: list[Side], play: Callable[[Side, list[bytes]], Times], count: int, made: Content = frames
) -> list[Times]:
    """Microseconds per event for each side: medians."""
    chunks = made(count)
    taken: list[list[Times]] = [[] for _ in sides]
    for _ in range(TURNS[count]):
        for side, times in zip(sides, taken, strict=True):
            times.append(play(side, chunks))
    medians = [map(statistics.median, zip(*times, strict=True)) for times in taken]
    return [Times(*(seconds / len(chunks) * 1e6 for seconds in median)) for median in medians]


def import_seconds(statement: str, module: str) -> float:
    code = f"import time; t = time.perf_counter(); {statement.format(module)}; print(time.perf_counter() - t)"
    command = [sys.executable, "-W", "ignore", "-c", code]
    environment = {**os.environ, "PYTHONPATH": str(compat.ROOT)}
    return float(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def measure() -> None:
    """In an environment that has both: the table."""
    warnings.simplefilter("ignore", DeprecationWarning)
    peer = f"openai {version('openai')}"
    theirs_http = "httpx2" if find_spec("httpx2") else "httpx"
    theirs = Side(import_module("openai"), import_module(theirs_http))
    ours = Side(import_module("assistream"), import_module("httpx"))
    print(f"\nassistream {ours.module.__version__} beside {peer} on {theirs_http} {version(theirs_http)}\n")
    print("| | deltas | openai, µs/event | cpu | assistream, µs/event | cpu | times as fast |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, play in CASES.items():
        for count in (100, 1000, 5000, 20_000) if "handler" in name else (100, 1000, 5000):
            compared(name, [theirs, ours], play, count)
    for name, play in ON_TRIO.items():
        for count in (100, 1000, 5000, 20_000):
            compared(name, [ours], play, count)
    compared("annotations, sync", [ours], handler, 5000, citations)  # theirs would take minutes
    for name, made in OTHERS.items():
        for colour, play in ("sync", handler), ("asyncio", CASES["handler, asyncio"]):
            for count in COUNTS[name]:
                compared(f"{name}, {colour}", [theirs, ours], play, count, made)
    for name, statement in IMPORTS.items():
        progress(f"{peer}: {name}")
        turns = [[import_seconds(statement, module) for module in ("openai", "assistream")] for _ in range(8)][1:]
        slow, quick = (statistics.median(times) for times in zip(*turns, strict=True))
        row(name, "", f"{slow * 1e3:,.0f} ms", "", f"{quick * 1e3:,.0f} ms", "", f"{slow / quick:.1f}")


def compared(
    name: str, sides: list[Side], play: Callable[[Side, list[bytes]], Times], count: int, made: Content = frames
) -> None:
    """One row: all of these sides, the last one ours."""
    progress(f"{name}, {count} deltas")
    *his, mine = in_turn(sides, play, count, made)
    ratio = f"{his[0].cpu / mine.cpu:.1f}" if his else ""
    row(name, f"{count:,}", *(shown(his[0]) if his else ("", "")), *shown(mine), ratio)


def shown(times: Times) -> tuple[str, str]:
    return f"{times.wall:,.1f}", f"{times.cpu:,.1f}"


def row(*cells: str) -> None:
    print("|", " | ".join(cells), "|", flush=True)


def progress(what: str) -> None:
    print("...", what, file=sys.stderr, flush=True)


def main() -> None:
    print(
        f"CPython {platform.python_version()}, medians of {max(TURNS.values())} to {min(TURNS.values())} runs in turn"
    )
    sys.stdout.flush()
    for peer in compat.VERSIONS[::-1]:
        compat.prepare(peer)
        subprocess.run([str(compat.python(peer)), __file__, "measure"], check=True)


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["measure"] else main()
