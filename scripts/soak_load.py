"""What the clients of `soak.py` do, for as long as their input is open: a mixed load, every answer of which is checked.

Prints a line of JSON each second: what was done, how long it took, what was wrong. Programs run on asyncio and on trio
at the same time, each in a thread of its own, and on plain threads. Some reach the engine through a relay that cuts
connections in the middle of streams. Each deletes what it has made.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import anyio

from assistream import AsyncClient, Client
from assistream.types import Run

CUT = (3_000, 40_000)
"""The bytes after which the relay cuts a connection; each event of a delta has about 240."""
FACTS = ("Oslo has 700,000 inhabitants.", "Bergen has seven mountains.", "Narvik has a harbour that never freezes.")


def said(words: int) -> str:
    """What the model of the engine answers to ``talk WORDS`` (`soak.Model`)."""
    return "".join(f"word {number} " for number in range(words))


def look(at: str) -> str:
    """Looks at something."""
    return f"seen {at}"


class Notes:
    """What all programs have done since the last look, and how long it took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: Counter[str] = Counter()
        self._times: dict[str, list[float]] = {}
        self._wrong: list[str] = []

    def done(self, what: str) -> None:
        with self._lock:
            self._done[what] += 1

    def wrong(self, what: str) -> None:
        with self._lock:
            self._wrong.append(what[:500])

    @contextmanager
    def timing(self, what: str) -> Generator[Callable[[], None]]:
        """Until the function is called, or else to the end of the block."""
        began, ends = time.perf_counter(), list[float]()
        yield lambda: ends.append(time.perf_counter()) if not ends else None
        with self._lock:
            self._times.setdefault(what, []).append((ends or [time.perf_counter()])[0] - began)

    def take(self) -> dict[str, Any]:
        with self._lock:
            found = {"done": self._done, "times": self._times, "wrong": self._wrong}
            self._done, self._times, self._wrong = Counter(), {}, []
        return found


@dataclass(frozen=True)
class Place:
    """Where programs work."""

    address: str
    relay: str
    assistant: str
    notes: Notes
    stop: threading.Event = field(default_factory=threading.Event)

    def check(self, holds: object, what: str) -> None:
        if not holds:
            self.notes.wrong(what)


@dataclass(frozen=True)
class Hands:
    """What one loop works with: a client for the engine itself, and one through the relay."""

    place: Place
    client: AsyncClient
    lost: AsyncClient

    async def thread(self, text: str) -> str:
        with self.place.notes.timing("request"):
            made = await self.client.beta.threads.create(messages=[{"role": "user", "content": text}])
        return made.id

    async def delete(self, thread: str) -> None:
        deleted = await self.client.beta.threads.delete(thread)
        self.place.check(deleted.deleted, f"{thread} is not deleted")

    async def answer(self, thread: str, client: AsyncClient | None = None, pause: float = 0.0, **how: Any) -> str:
        """The text of a run, read with a pause after each piece."""
        pieces: list[str] = []
        runs = (client or self.client).beta.threads.runs
        with self.place.notes.timing("first delta") as first:
            async with runs.stream(thread, assistant_id=self.place.assistant, **how) as stream:
                async for piece in stream.text_deltas:
                    first()
                    pieces.append(piece)
                    if pause:
                        await anyio.sleep(pause)
                run = await stream.get_final_run()
        self.place.check(run and run.status == "completed", f"{thread}: {run}")
        return "".join(pieces)


async def talk(hands: Hands) -> None:
    """Turns of one thread, with a function called in each."""
    thread = await hands.thread("look 1")
    for turn in range(3):
        answer = await hands.answer(thread, tools=[look])
        hands.place.check(answer == "seen it", f"{thread} turn {turn}: {answer!r}")
        await hands.client.beta.threads.messages.create(thread, role="user", content="look again")
    await hands.delete(thread)


async def lose(hands: Hands) -> None:
    """A stream whose connection is cut, more than once."""
    words = random.randrange(50, 400)
    thread = await hands.thread(f"talk {words}")
    answer = await hands.answer(thread, hands.lost)
    hands.place.check(answer == said(words), f"{thread} over the relay: {answer!r}")
    await hands.delete(thread)


async def read_slowly(hands: Hands) -> None:
    thread = await hands.thread("talk 300")
    answer = await hands.answer(thread, pause=0.01)
    hands.place.check(answer == said(300), f"{thread} read slowly: {answer!r}")
    await hands.delete(thread)


async def cancel(hands: Hands) -> None:
    thread = await hands.thread("wait")
    async with hands.client.beta.threads.runs.stream(thread, assistant_id=hands.place.assistant) as stream:
        async for _ in stream.text_deltas:
            break
        run = stream.current_run
        stream.cancel()
    await over(hands, run, "cancelled")


async def leave(hands: Hands) -> None:
    """A program goes away, and cancels the run later."""
    thread = await hands.thread("wait")
    async with hands.client.beta.threads.runs.stream(thread, assistant_id=hands.place.assistant) as stream:
        async for _ in stream.text_deltas:
            break
        run = stream.current_run
    assert run
    with hands.place.notes.timing("request"):
        await hands.client.beta.threads.runs.cancel(run.id, thread_id=thread)
    await over(hands, run, "cancelled")


async def expire(hands: Hands) -> None:
    thread = await hands.thread("wait")
    run = await hands.client.beta.threads.runs.create(
        thread, assistant_id=hands.place.assistant, extra_headers={"assistream-expires-in": "0.5"}
    )
    await over(hands, run, "expired")


async def over(hands: Hands, run: Run | None, status: str) -> None:
    assert run
    ended = await hands.client.beta.threads.runs.poll(run.id, thread_id=run.thread_id, poll_interval_ms=100)
    hands.place.check(ended.status == status, f"{run.id}: {ended.status} and not {status}")
    await hands.delete(run.thread_id)


async def upload(hands: Hands) -> None:
    content = random.randbytes(random.randrange(1, 600_000))
    file = await hands.client.files.create(file=("noise.bin", content), purpose="user_data")
    kept = await hands.client.files.content(file.id)
    hands.place.check(kept.content == content, f"{file.id} is another one")
    await hands.client.files.delete(file.id)


async def search(hands: Hands) -> None:
    """A vector store, a question to it, and a run that searches it."""
    store = await hands.client.vector_stores.create(expires_after={"anchor": "last_active_at", "days": 1})
    files = [(f"fact_{number}.txt", fact.encode()) for number, fact in enumerate(FACTS)]
    batch = await hands.client.vector_stores.file_batches.upload_and_poll(store.id, files=files, poll_interval_ms=100)
    hands.place.check(batch.file_counts.completed == len(FACTS), f"{store.id}: {batch}")
    with hands.place.notes.timing("search"):
        found = [result async for result in hands.client.vector_stores.search(store.id, query="mountains of Bergen")]
    hands.place.check(found and found[0].content[0].text == FACTS[1], f"{store.id}: {found}")
    thread = await hands.client.beta.threads.create(
        messages=[{"role": "user", "content": "find mountains"}],
        tool_resources={"file_search": {"vector_store_ids": [store.id]}},
    )
    answer = await hands.answer(thread.id, tools=[{"type": "file_search"}])
    hands.place.check("seven mountains" in answer, f"{thread.id}: {answer!r}")
    await hands.delete(thread.id)
    async for file in hands.client.vector_stores.files.list(store.id):
        await hands.client.files.delete(file.id)
    await hands.client.vector_stores.delete(store.id)


async def repeat(hands: Hands) -> None:
    """The same request twice at once is done once."""
    thread = await hands.thread("talk 1")
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    ids: set[str] = set()

    async def send() -> None:
        with hands.place.notes.timing("request"):
            messages = hands.client.beta.threads.messages
            ids.add((await messages.create(thread, role="user", content="once", extra_headers=headers)).id)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(send)
        tasks.start_soon(send)
    hands.place.check(len(ids) == 1, f"{thread}: {ids}")
    await hands.delete(thread)


async def page(hands: Hands) -> None:
    thread = await hands.thread("number 0")
    for number in range(1, 12):
        with hands.place.notes.timing("request"):
            await hands.client.beta.threads.messages.create(thread, role="user", content=f"number {number}")
    listed = [message.id async for message in hands.client.beta.threads.messages.list(thread, limit=5)]
    hands.place.check(len(set(listed)) == 12, f"{thread}: {listed}")
    await hands.delete(thread)


PROGRAMS = (talk, talk, lose, lose, read_slowly, cancel, leave, expire, upload, search, repeat, page)


async def work(place: Place, actors: int, pause: float) -> None:
    """Actors that do one program after the other, on the loop that this runs on."""
    async with (
        AsyncClient(base_url=place.address) as client,
        AsyncClient(base_url=place.relay, max_retries=8) as lost,
        anyio.create_task_group() as tasks,
    ):
        hands = Hands(place, client, lost)
        for _ in range(actors):
            tasks.start_soon(act, hands, pause)


async def act(hands: Hands, pause: float) -> None:
    programs = itertools.cycle(random.sample(PROGRAMS, len(PROGRAMS)))
    await anyio.sleep(pause * random.random())
    while not hands.place.stop.is_set():
        await do(hands, next(programs))
        await anyio.sleep(pause * 2 * random.random())


async def do(hands: Hands, program: Callable[[Hands], Awaitable[None]]) -> None:
    name = program.__name__
    try:
        await program(hands)
        hands.place.notes.done(name)
    except Exception as error:
        hands.place.notes.wrong(f"{name}: {type(error).__name__}: {error}")


def work_plainly(place: Place, pause: float) -> None:
    """The same without a loop: a run with a function, and one over the relay, read slowly."""
    with Client(base_url=place.address) as client, Client(base_url=place.relay, max_retries=8) as lost:
        while not place.stop.is_set():
            try:
                converse(place, client, "look 1", "seen it", tools=[look])
                converse(place, lost, "talk 100", said(100))
                place.notes.done("converse")
            except Exception as error:
                place.notes.wrong(f"converse: {type(error).__name__}: {error}")
            time.sleep(pause * 2 * random.random())


def converse(place: Place, client: Client, question: str, expected: str, **how: Any) -> None:
    # The relay is for streams: a POST whose answer is cut is an error, and rightly so.
    with Client(base_url=place.address) as straight:
        thread = straight.beta.threads.create(messages=[{"role": "user", "content": question}]).id
        with client.beta.threads.runs.stream(thread, assistant_id=place.assistant, **how) as stream:
            answer = "".join(stream.text_deltas)
        place.check(answer == expected, f"{thread}: {answer!r}")
        straight.beta.threads.delete(thread)


class Relay:
    """Passes bytes on to the engine, and cuts connections when they have carried some."""

    def __init__(self, port: int, notes: Notes) -> None:
        self._port, self._notes = port, notes
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self) -> asyncio.Server:
        return await asyncio.start_server(self._pass_on, "127.0.0.1", 0)

    async def idle(self) -> None:
        """Returns when its clients have gone."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        asking = asyncio.create_task(_copy(reader, back))
        try:
            if await _copy(there, writer, random.randrange(*CUT)):
                self._notes.done("connections cut")
                writer.transport.abort()
        finally:
            asking.cancel()
            for end in (back, writer):
                end.close()
            await asyncio.wait([asking])


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: float = float("inf")) -> bool:
    """Whether there was more than may be copied."""
    with suppress(ConnectionError):
        while piece := await reader.read(4096):
            limit -= len(piece)
            if limit < 0:
                return True
            writer.write(piece)
            await writer.drain()
    writer.close()
    return False


async def run(address: str, actors: int, pause: float) -> None:
    port, notes, loop = int(address.rsplit(":", 1)[1].partition("/")[0]), Notes(), asyncio.get_running_loop()
    relay = Relay(port, notes)
    async with await relay.start() as server:
        relay_port = server.sockets[0].getsockname()[1]
        async with AsyncClient(base_url=address) as client:
            assistant = await client.beta.assistants.create(model="soak", tools=[])
        place = Place(address, f"http://127.0.0.1:{relay_port}/v1", assistant.id, notes)
        threads = [
            threading.Thread(target=anyio.run, args=(partial(work, place, actors, pause),), kwargs={"backend": backend})
            for backend in ("asyncio", "trio")
        ]
        threads += [threading.Thread(target=work_plainly, args=(place, pause)) for _ in range(max(actors // 4, 1))]
        for thread in threads:
            thread.start()
        closed = loop.run_in_executor(None, sys.stdin.read)
        while not closed.done():
            await asyncio.wait([closed], timeout=1)
            report = notes.take() | {"tasks": len(asyncio.all_tasks()), "blocks": sys.getallocatedblocks()}
            print(json.dumps(report), flush=True)
        place.stop.set()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        await relay.idle()
    print(json.dumps(notes.take() | {"tasks": 0, "blocks": sys.getallocatedblocks()}), flush=True)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
