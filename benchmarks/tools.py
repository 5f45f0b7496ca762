"""The tool loop: a thousand turns in one run, an argument in a hundred thousand fragments, and beside openai-python.

``python benchmarks/tools.py`` prints three Markdown tables. The last one comes from the environment of `make compat`
with the newest openai-python (made if need be): the same bytes, from memory, to a loop of ours and to one by hand, in
turn. Times are the processor's, medians where several are taken; the garbage collector is on.
"""

from __future__ import annotations

import gc
import itertools
import json
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
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
from tests.frames import DM, DONE, DS, MC, MD, RA, RC, RD, RP, SC, SD, Object, call, function

TURNS = 1000
PART = 100
"""Turns at the beginning, and at the end, that are compared."""
BESIDE = 100
"""Turns of a run beside openai-python."""
RUNS = 9
MEBIBYTE = 1 << 20
FRAGMENTS = [25_000, 50_000, 100_000]

TOOL: Object = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}


# What the server says: a leg for each request


def legs(turns: int) -> Iterator[list[bytes]]:
    """A run that makes a call in each leg but the last, each in five fragments."""
    done: list[bytes] = [RC(tools=[TOOL]), RP(tools=[TOOL])]
    for turn in range(turns):
        step, asked = f"step_{turn}", call(f"call_{turn}", "look", json.dumps({"place": f"Bergen {turn}"}))
        written = asked["function"]["arguments"]
        pieces = [written[at : at + 5] for at in range(0, len(written), 5)]
        first = DS(step, function("", id=asked["id"], name="look"))
        fragments = [DS(step, function(piece)) for piece in pieces]
        yield [*done, SC(step, calls=[]), first, *fragments, RA(asked, tools=[TOOL]), DONE]
        answered = asked | {"function": asked["function"] | {"output": "light rain"}}
        done = [SD(step, calls=[answered]), RP(tools=[TOOL])]
    yield [*done, SC(), MC(), DM("msg_1", "It rains."), MD("msg_1", "It rains."), SD(), RD(tools=[TOOL]), DONE]


def long_argument(fragments: int) -> Iterator[list[bytes]]:
    """One call whose argument has a mebibyte, in so many fragments."""
    written = json.dumps({"place": "x" * (MEBIBYTE - 13)})
    size = -(-len(written) // fragments)
    asked = call("call_1", "look", written)
    pieces = [DS("step_t", function(written[at : at + size])) for at in range(0, len(written), size)]
    first = DS("step_t", function("", id="call_1", name="look"))
    yield [RC(tools=[TOOL]), SC("step_t", calls=[]), first, *pieces, RA(asked, tools=[TOOL]), DONE]
    yield [RP(tools=[TOOL]), RD(tools=[TOOL]), DONE]


class Side(NamedTuple):
    """A client, and the HTTP library it is built on."""

    module: Any
    http: Any

    def client(self, name: str, answers: Iterator[list[bytes]]) -> Any:
        """The client of this name, whose requests are answered with these, one after the other."""
        asynchronous = name != "OpenAI"
        base = self.http.AsyncBaseTransport if asynchronous else self.http.BaseTransport
        method = "handle_async_request" if asynchronous else "handle_request"
        transport = type("Memory", (base,), {method: _answer(self.http, answers, asynchronous=asynchronous)})()
        http_client = (self.http.AsyncClient if asynchronous else self.http.Client)(transport=transport)
        return getattr(self.module, name)(base_url="http://memory/v1", api_key="none", http_client=http_client)


def _answer(http: Any, answers: Iterator[list[bytes]], *, asynchronous: bool) -> Callable[..., Any]:
    class Body(http.SyncByteStream, http.AsyncByteStream):  # type: ignore[misc]  # httpx or httpx2
        def __init__(self, chunks: list[bytes]) -> None:
            self.chunks = chunks

        def __iter__(self) -> Iterator[bytes]:
            yield from self.chunks

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in self.chunks:
                yield chunk

    def answer(self: object, request: object) -> Any:
        return http.Response(200, headers={"content-type": "text/event-stream"}, stream=Body(next(answers)))

    async def async_answer(self: object, request: object) -> Any:
        return answer(self, request)

    return async_answer if asynchronous else answer


# The programs: each calls `look` once a turn


class Marks:
    """What each call of the tool finds: the processor's time, and the memory if that is traced."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.sizes: list[int] = []

    def __call__(self) -> None:
        self.times.append(time.process_time())
        if tracemalloc.is_tracing():
            self.sizes.append(tracemalloc.get_traced_memory()[0])


def ours(side: Side, answers: Iterator[list[bytes]], mark: Marks) -> None:
    def look(place: str) -> str:
        mark()
        return "light rain"

    with side.client("OpenAI", answers) as client:
        runs = client.beta.threads.runs
        with runs.stream(thread_id="thread_1", assistant_id="asst_1", functions=[look], max_turns=TURNS) as stream:
            completed(stream.get_final_run())


async def async_ours(side: Side, answers: Iterator[list[bytes]], mark: Marks) -> None:
    async def look(place: str) -> str:
        mark()
        return "light rain"

    async with side.client("AsyncOpenAI", answers) as client:
        runs = client.beta.threads.runs
        async with runs.stream(
            thread_id="thread_1", assistant_id="asst_1", functions=[look], max_turns=TURNS
        ) as stream:
            completed(await stream.get_final_run())


def by_hand(side: Side, answers: Iterator[list[bytes]], mark: Marks) -> None:
    with side.client("OpenAI", answers) as client:
        runs = client.beta.threads.runs
        with runs.stream(thread_id="thread_1", assistant_id="asst_1") as stream:
            stream.until_done()
        while (run := stream.current_run).status == "requires_action":
            with runs.submit_tool_outputs_stream(
                run_id=run.id, thread_id=run.thread_id, tool_outputs=outputs(run, mark)
            ) as stream:
                stream.until_done()
        completed(run)


async def async_by_hand(side: Side, answers: Iterator[list[bytes]], mark: Marks) -> None:
    async with side.client("AsyncOpenAI", answers) as client:
        runs = client.beta.threads.runs
        async with runs.stream(thread_id="thread_1", assistant_id="asst_1") as stream:
            await stream.until_done()
        while (run := stream.current_run).status == "requires_action":
            async with runs.submit_tool_outputs_stream(
                run_id=run.id, thread_id=run.thread_id, tool_outputs=outputs(run, mark)
            ) as stream:
                await stream.until_done()
        completed(run)


def outputs(run: Any, mark: Marks) -> list[dict[str, str]]:
    def look(place: str) -> str:
        mark()
        return "light rain"

    asked = run.required_action.submit_tool_outputs.tool_calls
    return [{"tool_call_id": one.id, "output": look(**json.loads(one.function.arguments))} for one in asked]


def completed(run: Any) -> None:
    if run.status != "completed":
        raise SystemExit(f"the run is {run.status}")


Program = Callable[[Side, Iterator[list[bytes]], Marks], None]


def on(backend: str, program: Callable[..., Any]) -> Program:
    def run(side: Side, answers: Iterator[list[bytes]], mark: Marks) -> None:
        anyio.run(program, side, answers, mark, backend=backend)

    return run


OURS: dict[str, Program] = {"sync": ours, "asyncio": on("asyncio", async_ours), "trio": on("trio", async_ours)}
BY_HAND: dict[str, Program] = {"sync": by_hand, "asyncio": on("asyncio", async_by_hand)}


# The tables


def seconds(program: Program, side: Side, answers: Iterator[list[bytes]]) -> float:
    prepared = iter(list(answers))
    gc.collect()
    started = time.process_time()
    program(side, prepared, Marks())
    return time.process_time() - started


def thousand_turns(side: Side) -> None:
    print(
        f"\n| {TURNS:,} turns in one run | µs/turn, first {PART} | last {PART} | KiB/turn, first {PART} | last {PART} |"
    )
    print("|---|---:|---:|---:|---:|")
    for name, program in OURS.items():
        progress(f"{TURNS} turns, {name}")
        program(side, legs(PART), Marks())
        quick, traced = Marks(), Marks()
        program(side, iter(list(legs(TURNS))), quick)
        prepared = iter(list(legs(TURNS)))
        tracemalloc.start()
        program(side, prepared, traced)
        tracemalloc.stop()
        turns = [(later - at) * 1e6 for at, later in itertools.pairwise(quick.times)]
        first, last = statistics.median(turns[:PART]), statistics.median(turns[-PART:])
        begin, end = traced.sizes[PART] - traced.sizes[0], traced.sizes[-1] - traced.sizes[-1 - PART]
        row(name, f"{first:,.0f}", f"{last:,.0f}", f"{begin / PART / 1024:.1f}", f"{end / PART / 1024:.1f}")


def long_arguments(side: Side) -> None:
    print("\n| an argument of 1 MiB | fragments | seconds | µs/fragment |\n|---|---:|---:|---:|")
    for name, program in OURS.items():
        for count in FRAGMENTS:
            progress(f"{count} fragments, {name}")
            took = statistics.median(seconds(program, side, long_argument(count)) for _ in range(3))
            row(name, f"{count:,}", f"{took:.2f}", f"{took / count * 1e6:.1f}")


def beside(theirs: Side, mine: Side) -> None:
    print(f"\n| {BESIDE} turns | by hand with openai, µs/turn | ours, µs/turn | times as fast |\n|---|---:|---:|---:|")
    for name, program in BY_HAND.items():
        progress(f"beside openai, {name}")
        pairs = [
            (seconds(program, theirs, legs(BESIDE)), seconds(OURS[name], mine, legs(BESIDE))) for _ in range(RUNS + 1)
        ]
        his, our = (statistics.median(times) / BESIDE * 1e6 for times in zip(*pairs[1:], strict=True))
        row(name, f"{his:,.0f}", f"{our:,.0f}", f"{his / our:.1f}")


def measure() -> None:
    """In an environment that has both: the tables."""
    warnings.simplefilter("ignore", DeprecationWarning)
    mine = Side(import_module("assistream"), import_module("httpx"))
    theirs_http = "httpx2" if find_spec("httpx2") else "httpx"
    theirs = Side(import_module("openai"), import_module(theirs_http))
    print(f"assistream {mine.module.__version__}, openai {version('openai')} on {theirs_http} {version(theirs_http)}")
    thousand_turns(mine)
    long_arguments(mine)
    beside(theirs, mine)


def row(*cells: str) -> None:
    print("|", " | ".join(cells), "|", flush=True)


def progress(what: str) -> None:
    print("...", what, file=sys.stderr, flush=True)


def main() -> None:
    print(f"CPython {platform.python_version()}, medians of {RUNS} runs in turn")
    sys.stdout.flush()
    peer = compat.VERSIONS[-1]
    compat.prepare(peer)
    subprocess.run([str(compat.python(peer)), __file__, "measure"], check=True)


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["measure"] else main()
