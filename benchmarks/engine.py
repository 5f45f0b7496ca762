"""The engine as a server: what it adds to its model, how much it carries, and whether that stays right.

``python benchmarks/engine.py`` prints a Markdown table; beside the engine is LLAMPHouse, a server for the same API,
from an environment of its own (made if need be). Each server is a process of its own with the same model, which says
what the question asks for at once (`benchmarks/servers`), so that the time to the first delta is the server's alone.
LLAMPHouse keeps everything in memory; the engine is measured with its database in memory and in a file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, cast

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.servers.saying import text
from scripts.environments import prepare_python, python

ROOT = Path(__file__).resolve().parent.parent
THEIRS = "1.3.0"
PLACE = ROOT / ".venv-bench"
PATIENCE = 240
"""Seconds for each of the figures."""
SERVERS = ROOT / "benchmarks" / "servers"

Json = dict[str, Any]


class Server(NamedTuple):
    client: httpx.AsyncClient
    assistant_id: str
    process_id: int
    seconds_to_start: float


class Stream(NamedTuple):
    """What came of a run, and when."""

    events: list[tuple[str, str]]
    first_delta: float
    seconds: float

    @property
    def said(self) -> str:
        deltas = [json.loads(data) for name, data in self.events if name == "thread.message.delta"]
        return "".join(delta["delta"]["content"][0]["text"]["value"] for delta in deltas)

    def is_right(self, question: str) -> bool:
        deltas, _, name = question.split()
        ends = [name for name, _ in self.events[-2:]]
        return self.said == text(name, int(deltas)) and ends == ["thread.run.completed", "done"]


@contextmanager
def process(command: list[str]) -> Generator[tuple[str, int]]:
    """A server's address and process id."""
    environment = os.environ | {"LLAMPHOUSE_TRACING_ENABLED": "false"}
    pipes: Json = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, encoding="utf-8", **pipes) as server:
        try:
            assert server.stdout
            while not (line := server.stdout.readline()).startswith("http"):
                if not line:
                    raise SystemExit(f"{command[-1]} did not start")
            yield line.strip(), server.pid
        finally:
            server.terminate()


@asynccontextmanager
async def serving(command: list[str]) -> AsyncGenerator[Server]:
    began = time.perf_counter()
    with process(command) as (address, process_id):
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
        headers = {"OpenAI-Beta": "assistants=v2"}
        async with httpx.AsyncClient(base_url=address, headers=headers, limits=limits, timeout=120) as client:
            while not await _answers(client):  # noqa: ASYNC110 -- it is another process
                await asyncio.sleep(0.005)
            took = time.perf_counter() - began
            made = await client.post("/assistants", json={"model": "any"})
            assistant_id = made.json()["id"] if made.is_success else "asst_1"
            yield Server(client, assistant_id, process_id, took)


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.post("/threads", json={})).is_success
    except httpx.TransportError:
        return False


async def thread(server: Server, question: str) -> str:
    made = (await server.client.post("/threads", json={})).raise_for_status().json()
    message = {"role": "user", "content": question}
    (await server.client.post(f"/threads/{made['id']}/messages", json=message)).raise_for_status()
    return cast("str", made["id"])


async def run(server: Server, thread_id: str) -> Stream:
    body = {"assistant_id": server.assistant_id, "stream": True}
    began, first, received = time.perf_counter(), 0.0, bytearray()
    async with server.client.stream("POST", f"/threads/{thread_id}/runs", json=body) as response:
        async for chunk in response.aiter_bytes():
            received += chunk
            if not first and b"thread.message.delta" in received:
                first = time.perf_counter() - began
    return Stream(_events(received.decode()), first, time.perf_counter() - began)


def _events(received: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for frame in received.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in frame.split("\n") if ": " in line)
        if "event" in fields:
            found.append((fields["event"], fields["data"]))
    return found


async def ask(server: Server, question: str) -> Stream:
    return await run(server, await thread(server, question))


async def together(work: list[Coroutine[Any, Any, Stream]]) -> list[Stream | BaseException]:
    return await asyncio.gather(*work, return_exceptions=True)


async def start(server: Server) -> str:
    return f"{server.seconds_to_start * 1000:.0f} ms"


async def first_delta(server: Server) -> str:
    times = [(await ask(server, f"5 0 m{number}")).first_delta * 1000 for number in range(220)][20:]
    return f"{statistics.median(times):.1f} ms (95 %: {statistics.quantiles(times, n=20)[-1]:.1f})"


async def long_thread(server: Server) -> str:
    """The first delta of turn 1,000 of a thread."""
    thread_id = await thread(server, "1 0 m")
    times: list[float] = []
    for _ in range(1000):
        times.append((await run(server, thread_id)).first_delta * 1000)
        message = {"role": "user", "content": "1 0 m"}
        (await server.client.post(f"/threads/{thread_id}/messages", json=message)).raise_for_status()
    return f"{statistics.median(times[-50:]):.1f} ms"


async def events(server: Server) -> str:
    streams = [await ask(server, "5000 0 m") for _ in range(3)]
    return f"{max(len(stream.events) / stream.seconds for stream in streams):,.0f}"


async def runs(server: Server) -> str:
    count, at_once = 400, 8
    threads = iter([await thread(server, "5 0 m") for _ in range(count)])

    async def work() -> None:
        for thread_id in threads:
            await run(server, thread_id)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return f"{count / (time.perf_counter() - began):.0f}"


async def cost(server: Server, question: str, count: int, at_once: int) -> tuple[float, int]:
    """The processor time of so many runs in seconds, and their events."""
    threads = iter([await thread(server, question) for _ in range(count)])
    found: list[int] = []

    async def work() -> None:
        for thread_id in threads:
            found.append(len((await run(server, thread_id)).events))  # noqa: PERF401 -- of several workers

    before = _processor(server.process_id)
    await asyncio.gather(*(work() for _ in range(at_once)))
    return _processor(server.process_id) - before, sum(found)


async def cost_of_a_run(server: Server) -> str:
    await cost(server, "5 0 m", 20, 8)
    costs = [(await cost(server, "5 0 m", 200, 8))[0] / 200 for _ in range(3)]
    return f"{statistics.median(costs) * 1e3:.1f} ms"


def cost_of_an_event(streams: int, deltas: int) -> Callable[[Server], Awaitable[str]]:
    async def measured(server: Server) -> str:
        await cost(server, "5 0 m", 20, 8)
        costs = [await cost(server, f"{deltas} 0 m", streams, streams) for _ in range(3)]
        return f"{statistics.median(seconds / events for seconds, events in costs) * 1e6:.0f} µs"

    return measured


async def in_flight(server: Server, count: int = 1000) -> str:
    """Runs that all begin before any of them goes on."""
    questions = [f"20 {count} m{number}" for number in range(count)]
    threads = [await thread(server, question) for question in questions]
    streams = await together([run(server, thread_id) for thread_id in threads])
    right = sum(
        isinstance(stream, Stream) and stream.is_right(question)
        for question, stream in zip(questions, streams, strict=True)
    )
    return f"{right:,} of {count:,} right"


async def memory(server: Server) -> str:
    """What 500 open streams add to the process, whose models wait."""
    count = 500
    await ask(server, "5 0 m")
    threads = [await thread(server, f"2 {count + 1} m{number}") for number in range(count)]
    before = _resident(server.process_id)
    streams = [asyncio.create_task(run(server, thread_id)) for thread_id in threads]
    await asyncio.sleep(8)  # until all of them wait
    each = (_resident(server.process_id) - before) / count
    await ask(server, f"2 {count + 1} last")
    await asyncio.gather(*streams, return_exceptions=True)
    return f"{each:.0f} KiB"


def _processor(process_id: int) -> float:
    """The processor time that all threads have had, on Linux."""
    threads = Path(f"/proc/{process_id}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _resident(process_id: int) -> int:
    """KiB in memory, on Linux."""
    [line] = [line for line in Path(f"/proc/{process_id}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1])


MEASURES: dict[str, Callable[[Server], Awaitable[str]]] = {
    "time to start, as a program": start,
    "first delta, one run at a time": first_delta,
    "first delta in turn 1,000 of a thread": long_thread,
    "events per second, one stream of 5,000": events,
    "runs per second, 8 at once, 5 deltas each": runs,
    "processor time of such a run": cost_of_a_run,
    "processor time of an event, one stream of 5,000": cost_of_an_event(1, 5000),
    "processor time of an event, 100 streams of 200": cost_of_an_event(100, 200),
    "1,000 runs in flight": in_flight,
    "memory per open stream": memory,
}


async def measure(command: list[str]) -> list[str]:
    """A new server for each of them: none has to carry what another one left."""
    found: list[str] = []
    for name, what in MEASURES.items():
        async with serving(command) as server:
            try:
                found.append(await asyncio.wait_for(what(server), PATIENCE))
            except TimeoutError:
                found.append(f"not done in {PATIENCE} s")
            except (httpx.HTTPError, ValueError) as error:
                found.append(f"failed: {type(error).__name__}")
        print(f"{name}: {found[-1]}", file=sys.stderr, flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--alone", action="store_true", help="without LLAMPHouse")
    alone = parser.parse_args().alone
    ours = [sys.executable, str(SERVERS / "ours.py")]
    with tempfile.TemporaryDirectory() as folder:
        columns = {
            "assistream, in memory": asyncio.run(measure([*ours, ":memory:"])),
            "assistream, in a file": asyncio.run(measure([*ours, str(Path(folder, "engine.db"))])),
        }
    if not alone:
        prepare_python(PLACE, [f"llamphouse=={THEIRS}"])
        theirs = [str(python(PLACE)), "-W", "ignore", str(SERVERS / "llamphouse_agent.py")]
        columns[f"LLAMPHouse {THEIRS}"] = asyncio.run(measure(theirs))
    print(f"{os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()},", end=" ")
    print(
        ", ".join(
            f"{name} {version(name)}" for name in ("assistream", "uvicorn", "starlette", "sqlalchemy", "aiosqlite")
        )
    )
    print("\n| |", " | ".join(columns), "|")
    print("|---|" + "---:|" * len(columns))
    for row, name in enumerate(MEASURES):
        print(f"| {name} |", " | ".join(column[row] for column in columns.values()), "|")


if __name__ == "__main__":
    main()
