"""Kills an engine with SIGKILL again and again, under runs, and checks what the next one on the same database knows.

    .venv/bin/python scripts/crash.py [--kills 200] [--runs 50] [--seed 1]

Clients write down everything they are told: events with their numbers, messages that were accepted, runs that wait.
Each engine that follows must know all of it: what a client was told is in the log, and `Last-Event-ID` gives the rest
of it to the end of the leg; a run that waited waits, and is answered one of the next times; every other run is over
and its thread free; a request that got no answer is repeated with its `Idempotency-Key` and was done once; and SQLite
finds the file whole. Prints a table; the exit code is 1 if anything is lost, stuck, there twice, or broken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from assistream.engine import Engine
from assistream.engine.models import Finish, ModelDelta, ModelRequest, TextDelta, ToolCallDelta
from assistream.streaming.sse import SSEDecoder

TOOL = {"type": "function", "function": {"name": "look"}}
OVER = frozenset({"completed", "failed", "cancelled", "expired", "incomplete"})
PATIENCE = 60.0


class Model:
    """Calls a function half of the time, and then talks, with small pauses."""

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        if request.messages[-1].role != "tool" and random.random() < 0.5:
            yield ToolCallDelta(0, f"call_{uuid.uuid4().hex}", "look", '{"at":')
            await asyncio.sleep(random.random() * 0.02)
            yield ToolCallDelta(0, None, None, '"it"}')
        else:
            for number in range(random.randrange(1, 30)):
                await asyncio.sleep(random.random() * 0.02)
                yield TextDelta(f"word {number} ")
        yield Finish("stop")


@dataclass
class Leg:
    """What a client was told in one answer: numbers, names and data of events."""

    events: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])
    address: str = ""

    @property
    def run(self) -> dict[str, Any] | None:
        runs = [json.loads(data) for _, name, data in self.events if _is_run(name)]
        return runs[-1] if runs else None


@dataclass
class Request:
    """A POST that must be done once, whatever becomes of its answer."""

    path: str
    body: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Known:
    """All that clients were told by all engines, and are to be told again."""

    legs: list[Leg] = field(default_factory=list[Leg])
    unanswered: list[Request] = field(default_factory=list[Request])
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    submitted: set[str] = field(default_factory=set[str])
    messages: dict[str, str] = field(default_factory=dict[str, str])
    counts: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    def check(self, holds: object, what: str, name: str) -> None:
        if not holds:
            self.counts[name] += 1
            self.wrong.append(f"{name}: {what}")


class Clients:
    """Many programs at once, on one engine."""

    def __init__(self, http: httpx.AsyncClient, known: Known, assistant: str, database: Path) -> None:
        self.http, self.known, self.assistant, self.database = http, known, assistant, database

    async def program(self, number: int) -> None:
        """Runs on one thread, until the engine dies, or the thread waits for outputs."""
        marker = str(uuid.uuid4())
        body = {"assistant_id": self.assistant, "metadata": {"marker": marker}, "stream": True}
        leg = await self.post(Request("/threads/runs", body | {"thread": _thread(f"{number}")}))
        while (run := leg.run) and run["status"] in ("requires_action", "completed"):
            if run["status"] == "requires_action":
                if random.random() < 0.5:
                    return
                leg = await self.post(_outputs(run))
            else:
                path = f"/threads/{run['thread_id']}"
                await self.post(Request(f"{path}/messages", _message("More")))
                leg = await self.post(Request(f"{path}/runs", body | {"metadata": {"marker": str(uuid.uuid4())}}))

    async def post(self, request: Request) -> Leg:
        """What the answer told, all of it; `httpx.TransportError` when the engine dies."""
        self.known.unanswered.append(request)
        self.known.submitted.add(request.path.split("/")[-2])
        leg = Leg()
        async with self.http.stream(
            "POST", request.path, json=request.body, headers={"Idempotency-Key": request.key}
        ) as response:
            if response.is_error:
                await self.wrong(response, "refused")
            self.known.unanswered.remove(request)
            if "assistream-resume" in response.headers:
                leg.address = response.headers["assistream-resume"]
                self.known.legs.append(leg)
                await _read(response, leg)
            elif response.is_success:
                message = json.loads(await response.aread())
                self.known.messages[message["id"]] = message["content"][0]["text"]["value"]
        return leg

    async def wrong(self, response: httpx.Response, name: str) -> None:
        text = (await response.aread()).decode()
        self.known.check(False, f"{response.url}: {response.status_code} {text}", name)

    async def check(self) -> None:
        """That this engine knows what clients were told by those before it."""
        await asyncio.gather(*(self.check_leg(leg) for leg in self.known.legs))
        await asyncio.gather(*(self.repeat(request) for request in self.known.unanswered))
        await asyncio.gather(*(self.check_message(id, text) for id, text in self.known.messages.items()))
        await asyncio.gather(*(self.check_waiting(run) for run in self.known.waiting.values()))
        due = [run for run in self.known.waiting.values() if random.random() < 0.4]
        await asyncio.gather(*(self.answer(run) for run in due))
        self.known.legs, self.known.unanswered, self.known.messages = [], [], {}

    async def check_leg(self, leg: Leg) -> None:
        last = {"Last-Event-ID": str(leg.events[-1][0])} if leg.events else {}
        rest, whole = Leg(), Leg()
        for into, headers in ((rest, last), (whole, {})):
            async with self.http.stream("GET", leg.address.removeprefix("/v1"), headers=headers) as response:
                if response.is_error:
                    await self.wrong(response, "events lost")
                    return
                await _read(response, into)
        self.known.counts["legs"] += 1
        self.known.counts["events told"] += len(leg.events)
        self.known.check(leg.events + rest.events == whole.events, f"{leg.address} after {last}", "events lost")
        for _, name, data in leg.events:
            if name == "thread.message.completed":
                message = json.loads(data)
                await self.check_message(message["id"], message["content"][0]["text"]["value"])
        run = whole.run
        assert run, leg.address
        self.known.counts[f"run {run['status']}"] += 1
        if run["status"] == "requires_action" and run["id"] not in self.known.submitted:
            self.known.waiting[run["id"]] = run
        if run["status"] in OVER:
            await self.check_free(run)

    async def check_message(self, id: str, text: str) -> None:
        self.known.counts["messages"] += 1
        with closing(sqlite3.connect(self.database)) as database:
            row = database.execute("SELECT body FROM messages WHERE id = ?", (id,)).fetchone()
        kept = json.loads(row[0])["content"][0]["text"]["value"] if row else None
        self.known.check(kept == text, f"{id}: {text!r}, and kept is {kept!r}", "messages lost")

    async def check_free(self, run: dict[str, Any]) -> None:
        now = (await self.http.get(f"/threads/{run['thread_id']}/runs", params={"limit": 1})).json()["data"][0]
        if now["id"] == run["id"]:
            message = await self.http.post(f"/threads/{run['thread_id']}/messages", json=_message("Free?"))
            self.known.check(message.status_code == 200, message.text, "threads locked")

    async def repeat(self, request: Request) -> None:
        self.known.counts["requests repeated"] += 1
        headers = {"Idempotency-Key": request.key}
        leg = Leg()
        async with self.http.stream("POST", request.path, json=request.body, headers=headers) as response:
            if response.is_error:
                await self.wrong(response, "repeats refused")
                return
            await _read(response, leg)
        if leg.run and leg.run["status"] == "requires_action":
            self.known.waiting[leg.run["id"]] = leg.run

    async def check_waiting(self, run: dict[str, Any]) -> None:
        now = (await self.http.get(_path(run))).json()
        self.known.check(now.get("status") == "requires_action", f"{run['id']}: {now}", "waiting runs lost")

    async def answer(self, run: dict[str, Any]) -> None:
        leg, request = Leg(), _outputs(run)
        del self.known.waiting[run["id"]]
        async with self.http.stream("POST", request.path, json=request.body) as response:
            if response.is_error:
                await self.wrong(response, "waiting runs lost")
                return
            await _read(response, leg)
        self.known.counts["waiting runs answered"] += 1
        self.known.check(leg.run and leg.run["status"] == "completed", f"{run['id']}: {leg.run}", "waiting runs lost")


async def _read(response: httpx.Response, leg: Leg) -> None:
    decoder = SSEDecoder()
    async for chunk in response.aiter_bytes():
        leg.events += [(int(f.id), f.event, f.data) for f in decoder.feed(chunk) if f.event not in ("done", "error")]


def _is_run(name: str) -> bool:
    return name.startswith("thread.run.") and not name.startswith("thread.run.step.")


def _path(run: dict[str, Any]) -> str:
    return f"/threads/{run['thread_id']}/runs/{run['id']}"


def _message(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def _thread(text: str) -> dict[str, Any]:
    return {"messages": [_message(text)]}


def _outputs(run: dict[str, Any]) -> Request:
    calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = [{"tool_call_id": call["id"], "output": "seen"} for call in calls]
    return Request(f"{_path(run)}/submit_tool_outputs", {"tool_outputs": outputs, "stream": True})


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def start(port: int, database: Path) -> subprocess.Popen[bytes]:
    """An engine in a process of its own, when it answers."""
    command = [sys.executable, __file__, "--serve", str(port), "--database", str(database)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout
    if process.stdout.readline() != b"ready\n":
        raise SystemExit(f"the engine does not start: {process.wait()}")
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    assert process.stdout
    process.stdout.close()


def serve(port: int, database: Path) -> None:
    with Engine(database, model=Model(), port=port, run_ttl=3600):
        print("ready", flush=True)
        sys.stdin.read()
        while True:
            asyncio.run(asyncio.sleep(3600))


def inspect(database: Path, known: Known) -> None:
    """What is in the file of an engine that was killed."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        known.check(found == [("ok",)], str(found), "files broken")
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        known.check(not broken, str(broken), "files broken")


def inspect_at_end(database: Path, known: Known) -> None:
    """With an engine that has nothing to do."""
    with closing(sqlite3.connect(database)) as connection:
        runs = [json.loads(body) for (body,) in connection.execute("SELECT body FROM runs")]
    for run in runs:
        known.check(run["status"] in OVER or run["id"] in known.waiting, f"{run['id']} {run['status']}", "runs stuck")
    for marker, times in Counter(run["metadata"]["marker"] for run in runs).items():
        known.check(times == 1, marker, "runs there twice")
    known.counts["runs"] = len(runs)


async def _until_killed(clients: Clients, runs: int, process: subprocess.Popen[bytes], seconds: float) -> None:
    async def program(number: int) -> None:
        with suppress(httpx.TransportError):
            await clients.program(number)

    tasks = [asyncio.create_task(program(number)) for number in range(runs)]
    await asyncio.sleep(seconds)
    kill(process)
    await asyncio.gather(*tasks)


async def _play(arguments: argparse.Namespace, database: Path) -> Known:
    port, known, assistant = _free_port(), Known(), ""
    process = start(port, database)
    try:
        for number in range(arguments.kills + 1):
            limits = httpx.Limits(max_connections=None)
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}/v1",
                headers={"OpenAI-Beta": "assistants=v2"},
                timeout=PATIENCE,
                limits=limits,
                trust_env=False,
            ) as http:
                if not assistant:
                    created = await http.post("/assistants", json={"model": "any", "tools": [TOOL]})
                    assistant = created.json()["id"]
                clients = Clients(http, known, assistant, database)
                await clients.check()
                if number == arguments.kills:
                    inspect_at_end(database, known)
                    break
                await _until_killed(clients, arguments.runs, process, random.uniform(0.02, 1.0))
            known.counts["kills"] += 1
            inspect(database, known)
            process = start(port, database)
    finally:
        kill(process)
    return known


MUST_BE_ZERO = (
    *("events lost", "messages lost", "waiting runs lost", "runs stuck", "runs there twice", "threads locked"),
    *("repeats refused", "refused", "files broken"),
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Kills engines, and looks what is lost.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--runs", type=int, default=50, help="programs at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--database", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.serve:
        serve(given.serve, given.database)
    random.seed(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        known = asyncio.run(_play(given, Path(folder) / "engine.db"))
    for name in [*sorted(set(known.counts) - set(MUST_BE_ZERO)), *MUST_BE_ZERO]:
        print(f"{name:24} {known.counts[name]:>8}")
    for wrong in known.wrong[:20]:
        print(wrong[:1000], file=sys.stderr)
    return int(bool(known.wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
