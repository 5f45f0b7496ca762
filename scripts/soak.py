"""Puts an engine under a mixed load for a long time, and looks whether anything grows.

    .venv/bin/python scripts/soak.py [--minutes 60] [--actors 8] [--pause 0.3] [--plot docs/plots/soak.svg]

The engine has a process of its own with a database in a file, and so have its clients (`soak_load`). Once a second both
are looked at: memory, descriptors, threads, tasks, blocks that Python has allocated. At the end a line is fitted to
each of these series, without the time in which both warm up. Prints a Markdown table; the exit code is 1 if anything
has grown by more than is noise, or any answer was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistream.engine import Engine, ModelRequest
from assistream.engine.models import Finish, ModelDelta, TextDelta, ToolCallDelta
from scripts.soak_load import said
from scripts.soak_report import Series, plot, table

LOAD = Path(__file__).with_name("soak_load.py")
RECENT = 200
"""So many times are what percentiles are of."""


class Model:
    """Does what the question says (``talk WORDS``, ``wait``, ``look``, ``find WORD``), and repeats what it was told."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        self.loop = asyncio.get_running_loop()
        last = request.messages[-1]
        verb, _, what = last.text.partition(" ")
        if last.role == "tool":
            for piece in re.findall(r"\S+\s*", last.text):
                yield TextDelta(piece)
        elif verb == "look":
            yield ToolCallDelta(0, None, "look", '{"at":')
            yield ToolCallDelta(0, None, None, '"it"}')
        elif verb == "find":
            yield ToolCallDelta(0, None, "file_search", json.dumps({"queries": [what]}))
        elif verb == "wait":
            yield TextDelta("soon ")
            await asyncio.sleep(600)
        else:
            for number, piece in enumerate(re.findall(r"word \d+ ", said(int(what)))):
                if number % 10 == 0:
                    await asyncio.sleep(0.01)
                yield TextDelta(piece)
        yield Finish("stop")


def serve(database: Path) -> None:
    """An engine that says each second how many tasks and blocks it has, to the end of its input."""
    model, over = Model(), threading.Event()
    with Engine(database, model=model, open_files=True) as engine:
        print(engine.base_url, flush=True)
        threading.Thread(target=_wait_for_end_of_input, args=(over,)).start()
        while not over.wait(1):
            tasks = len(asyncio.all_tasks(model.loop)) if model.loop else 0
            print(json.dumps({"tasks": tasks, "blocks": sys.getallocatedblocks()}), flush=True)


def _wait_for_end_of_input(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


@dataclass
class Process:
    """A program that says a line each second; the last one is kept."""

    running: subprocess.Popen[str]
    said: dict[str, Any] = field(default_factory=dict[str, Any])
    done: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    times: dict[str, deque[float]] = field(default_factory=dict[str, "deque[float]"])
    """How long things took that were done lately."""
    listening: threading.Thread | None = None

    def line(self) -> str:
        assert self.running.stdout
        return self.running.stdout.readline()

    def listen(self) -> None:
        self.listening = threading.Thread(target=self._listen)
        self.listening.start()

    def _listen(self) -> None:
        while line := self.line():
            self.said = json.loads(line)
            self.done.update(self.said.get("done", {}))
            self.wrong += self.said.get("wrong", [])
            for name, seconds in self.said.get("times", {}).items():
                self.times[name] = deque([*self.times.get(name, ()), *seconds], RECENT)

    def look(self) -> dict[str, float]:
        """What there is of it now; on Linux."""
        place = Path(f"/proc/{self.running.pid}")
        lines = (place / "status").read_text().splitlines()
        status = dict(line.split(":", 1) for line in lines)
        return {
            "memory, MiB": int(status["VmRSS"].split()[0]) / 1024,
            "descriptors": len(os.listdir(place / "fd")),
            "threads": int(status["Threads"]),
            "tasks": self.said.get("tasks", 0),
            "blocks, thousands": self.said.get("blocks", 0) / 1000,
        }


@contextmanager
def process(*command: str) -> Generator[Process]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as running:
        one = Process(running)
        try:
            yield one
        finally:
            assert running.stdin
            running.stdin.close()
            if one.listening:
                one.listening.join()


class Soak:
    """One engine, one set of clients, and what was seen of both."""

    def __init__(self, seconds: float, actors: int, pause: float) -> None:
        self.seconds, self.actors, self.pause = seconds, actors, pause
        self.series: dict[str, Series] = {}
        self.exits: list[int] = []

    def play(self, database: Path) -> Process:
        """The clients, who have their notes."""
        with process(__file__, "--serve", str(database)) as engine:
            address = engine.line().strip()
            engine.listen()
            with process(str(LOAD), address, str(self.actors), str(self.pause)) as clients:
                clients.listen()
                self._watch(engine, clients, database)
        self.exits = [engine.running.returncode, clients.running.returncode]
        return clients

    def _watch(self, engine: Process, clients: Process, database: Path) -> None:
        began = time.monotonic()
        told = 0.0
        while (now := time.monotonic() - began) < self.seconds:
            time.sleep(1)
            for name, one in (("engine", engine), ("clients", clients)):
                if one.running.poll() is not None:
                    raise SystemExit(f"The {name} ended with {one.running.returncode}")
                for what, value in one.look().items():
                    self._note(f"{name}: {what}", now, value)
            self._note("database, MiB", now, database.stat().st_size / 2**20)
            for what, seconds in list(clients.times.items()):
                recent = sorted(seconds)
                self._note(f"{what}, median ms", now, recent[len(recent) // 2] * 1000)
                self._note(f"{what}, 95 % ms", now, recent[len(recent) * 95 // 100] * 1000)
            if now - told > 60:
                told = now
                print(
                    f"{now / 60:.0f} min: {sum(clients.done.values())} done, {len(clients.wrong)} wrong",
                    flush=True,
                    file=sys.stderr,
                )

    def _note(self, name: str, at: float, value: float) -> None:
        self.series.setdefault(name, Series(name)).add(at, value)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Loads an engine for a long time, and looks whether anything grows.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--actors", type=int, default=8, help="programs at once on each of asyncio and trio")
    parser.add_argument("--pause", type=float, default=0.3, help="seconds between two programs, on average")
    parser.add_argument("--plot", type=Path, help="an SVG file to write")
    parser.add_argument("--data", type=Path, help="a JSON file to write all samples to")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.serve:
        serve(given.serve)
        return 0
    soak = Soak(given.minutes * 60, given.actors, given.pause)
    with tempfile.TemporaryDirectory() as folder:
        clients = soak.play(Path(folder) / "engine.db")
    series = list(soak.series.values())
    print(table(series))
    print("Done:", ", ".join(f"{count:,} {name}" for name, count in sorted(clients.done.items())))
    if given.data:
        given.data.write_text(json.dumps({one.name: [one.times, one.values] for one in series}))
    if given.plot:
        given.plot.parent.mkdir(parents=True, exist_ok=True)
        given.plot.write_text(plot(series))
    for wrong in clients.wrong[:20]:
        print(wrong, file=sys.stderr)
    grown = [one.name for one in series if one.has_grown]
    print(f"Wrong: {len(clients.wrong)}. Grown: {', '.join(grown) or 'nothing'}.")
    return int(bool(clients.wrong or grown or any(soak.exits)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
