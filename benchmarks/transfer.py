"""Export, import and back-up: how long they take, in how much memory, and for how long they hold a running engine up.

``python benchmarks/transfer.py [MESSAGES]`` prints a Markdown table. Each step is a process of its own, so that its
memory is its own; the database has a thread for each 100 messages, a run for each 10, and 40 events for each run.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistream.engine import Engine, objects
from assistream.engine.lifecycle import Document
from assistream.engine.tables import EVENTS, MESSAGES, RUNS, THREADS
from assistream.engine.transfer import backup, export, load
from assistream.engine.transfer.lines import header, written

SIZES = (1_000, 100_000)
DELTA = {"id": "msg_1", "object": "thread.message.delta", "delta": {"content": [{"index": 0, "type": "text"}]}}
PAUSE = 0.01
"""Seconds between two requests to the engine that is held up."""


def history(messages: int) -> Iterator[bytes]:
    """An export with so many."""
    assistant = objects.assistant({"model": "any"})
    threads = [objects.thread({}) for _ in range(messages // 100)]
    runs = [objects.run(thread["id"], assistant, {}, ttl=60) for thread in threads for _ in range(10)]
    yield header({})
    yield from (written(THREADS, {"moment": 1, "body": thread}) for thread in threads)
    yield from (written(RUNS, {"moment": 2, "body": run | {"status": "completed"}}) for run in runs)
    for thread in threads:
        yield from (written(MESSAGES, {"moment": 3 + n, "body": _message(thread)}) for n in range(100))
    for run in runs:
        event = {"run_id": run["id"], "name": "thread.message.delta", "data": json.dumps(DELTA)}
        yield from (written(EVENTS, event | {"number": number}) for number in range(1, 41))


def _message(thread: Document) -> Document:
    return objects.message(thread["id"], "user", [objects.text_block("word " * 60)])


def held_up(directory: Path) -> None:
    """An import into an engine that runs, and the longest that a request took meanwhile."""
    worst, over = 0.0, threading.Event()
    with Engine(directory / "running.db") as engine, httpx.Client(base_url=engine.base_url, timeout=60) as client:

        def ask() -> None:
            nonlocal worst
            while not over.wait(PAUSE):
                began = time.perf_counter()
                client.post("/threads", json={}, headers={"OpenAI-Beta": "assistants=v2"}).raise_for_status()
                worst = max(worst, time.perf_counter() - began)

        asking = threading.Thread(target=ask)
        asking.start()
        engine.load(directory / "all.jsonl")
        over.set()
        asking.join()
    print(f"a request waited {worst:.2f} s at most; ", end="")


STEPS: dict[str, Callable[[Path], object]] = {
    "export": lambda directory: export(directory / "all.db", directory / "all.jsonl"),
    "import": lambda directory: load(directory / "again.db", directory / "all.jsonl"),
    "import into an engine that runs": held_up,
    "back-up": lambda directory: backup(directory / "all.db", directory / "copy.db"),
}


def measure(step: str, directory: Path) -> None:
    """One step, in this process."""
    began = time.perf_counter()
    STEPS[step](directory)
    seconds = time.perf_counter() - began
    print(f"{seconds:.1f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB", end="")


def apart(step: str, directory: Path) -> str:
    """The same, in a process of its own. It begins with the memory of this one, which therefore does nothing itself."""
    command = [sys.executable, __file__, step, str(directory)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Both sizes, side by side: what grows with the history, and what does not."""
    sizes = [int(sys.argv[1])] if sys.argv[1:] else SIZES
    columns: list[list[str]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            apart(str(size), Path(place))
            columns.append([apart(step, Path(place)) for step in STEPS])
    print("| seconds, peak memory |", *(f"{size:,} messages |" for size in sizes))
    print("|---|" + "---:|" * len(sizes))
    for row in zip(STEPS, *columns, strict=True):
        print("|", " | ".join(row), "|")


if __name__ == "__main__":
    if sys.argv[2:] and sys.argv[1].isdecimal():
        load(Path(sys.argv[2]) / "all.db", history(int(sys.argv[1])))
    elif sys.argv[2:]:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
