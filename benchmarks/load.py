"""A thousand streams at once in one event loop: assistream beside openai-python, over sockets of this machine.

``python benchmarks/load.py`` prints a Markdown table: a server of its own process waits until every request is there,
then sends each stream 500 words, one HTTP chunk for an event and one system call for a chunk, to each stream in turn.
Each measurement is a process of its own, too, which says what its processor time and its memory were, imports included;
they take turns, and the medians count. openai-python comes from the environments of `make compat`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import statistics
import subprocess
import sys
import time
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.stream import frames, row
from scripts import compat

STREAMS, DELTAS, TURNS = 1000, 500, 3
SIDES = {"openai": "openai", "assistream": "assistream", "assistream, fast": "assistream"}
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


# The server -----------------------------------------------------------------------------------------------------------


class Room:
    """Connections whose request is there, until all of them are."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.writers, self.full = wanted, list[asyncio.StreamWriter](), asyncio.Event()

    async def enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        await reader.readexactly(int(lengths[0].partition(b":")[2]) if lengths else 0)
        self.writers.append(writer)
        if len(self.writers) == self.wanted:
            self.full.set()
        await reader.read()
        writer.close()


async def serve(streams: int, deltas: int) -> None:
    room = Room(streams)
    server = await asyncio.start_server(room.enter, "127.0.0.1", 0, backlog=2 * streams)
    print(server.sockets[0].getsockname()[1], flush=True)
    await room.full.wait()
    chunks = [HEAD, *(b"%x\r\n%s\r\n" % (len(frame), frame) for frame in frames(deltas)), b"0\r\n\r\n"]
    for chunk in chunks:
        for writer in room.writers:
            writer.write(chunk)
        await asyncio.sleep(0)
    for writer in room.writers:
        await writer.drain()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


# A client -------------------------------------------------------------------------------------------------------------


async def load(side: str, port: int, streams: int) -> dict[str, float]:
    """All streams, and what they took: processor time, memory, and the most of it between two turns of another task."""
    before = memory()  # the one imports all at once, the other what is used when it is used: both count
    module: Any = import_module(SIDES[side])
    fast = {"transport": "fast"} if side.endswith("fast") else {}
    heard = 0

    class Reader(module.AsyncAssistantEventHandler):  # type: ignore[misc]  # a class that is known at run time only
        async def on_text_delta(self, delta: Any, snapshot: Any) -> None:
            nonlocal heard
            heard += 1

    client = module.AsyncOpenAI(base_url=f"http://127.0.0.1:{port}", api_key="none", timeout=600, **fast)

    async def one() -> None:
        async with client.beta.threads.runs.stream(
            thread_id="thread_1", assistant_id="asst_1", event_handler=Reader()
        ) as stream:
            await stream.until_done()

    held = 0.0

    async def watch() -> None:
        nonlocal held
        while True:
            turn, begun = time.process_time(), heard > 0
            await asyncio.sleep(0)
            held = max(held, time.process_time() - turn) if begun else 0.0

    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    watching = asyncio.create_task(watch()) if streams <= 100 else None  # it would cost what it measures
    await asyncio.gather(*(one() for _ in range(streams)))
    took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "heard": heard, "held": held}
    if watching is not None:
        watching.cancel()
    await client.close()
    return {**took, "memory": peak() - before}


def memory() -> float:
    return _status("VmRSS")


def peak() -> float:
    return _status("VmHWM")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


# Side by side ---------------------------------------------------------------------------------------------------------


def measured(python: Path, side: str, streams: int = STREAMS, deltas: int = DELTAS) -> dict[str, float]:
    command = [sys.executable, __file__, "serve", str(streams), str(deltas)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            assert server.stdout
            port = server.stdout.readline().strip()
            client = [str(python), "-W", "ignore", __file__, "load", side, port, str(streams)]
            said = subprocess.run(client, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
        finally:
            server.kill()
    took: dict[str, float] = json.loads(said)
    if took["heard"] != streams * deltas:
        raise SystemExit(f"{side}: {took['heard']} deltas were heard of {streams * deltas}")
    return took


def main() -> None:
    peer = compat.VERSIONS[-1]
    compat.prepare(peer)
    python = compat.python(peer)
    print(f"{STREAMS:,} streams of {DELTAS} deltas, medians of {TURNS}; openai {compat.installed(peer)}\n")
    print("| | events per CPU second | times | memory, MiB | of openai's | longest hold, 100 streams |")
    print("|---|---:|---:|---:|---:|---:|")
    turns = [{side: measured(python, side) for side in SIDES} for _ in range(TURNS)]
    holds = [{side: measured(python, side, 100, 2000)["held"] for side in SIDES} for _ in range(TURNS)]
    rates = {side: STREAMS * DELTAS / statistics.median(turn[side]["cpu"] for turn in turns) for side in SIDES}
    sizes = {side: statistics.median(turn[side]["memory"] for turn in turns) for side in SIDES}
    for side in SIDES:
        held = statistics.median(turn[side] for turn in holds)
        cells = [f"{rates[side]:,.0f}", f"{rates[side] / rates['openai']:.1f}", f"{sizes[side]:.0f}"]
        row(side, *cells, f"{sizes[side] / sizes['openai']:.2f}", f"{held * 1000:,.0f} ms")


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    match sys.argv[1:]:
        case ["serve", streams, deltas]:
            asyncio.run(serve(int(streams), int(deltas)))
        case ["load", side, port, streams]:
            warnings.simplefilter("ignore")
            print(json.dumps(asyncio.run(load(side, int(port), int(streams)))))
        case _:
            main()
