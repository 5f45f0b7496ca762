from __future__ import annotations

import asyncio
import re

import anyio
import pytest

from assistream.engine.documents import Reader, Unreadable, read
from assistream.engine.documents.process import Process

from . import hostile
from .samples import KINDS, document

pytestmark = pytest.mark.anyio
PARAGRAPHS = ["The quick brown fox jumps over the lazy dog.", "Zürich is a city, and café is a word: (really)."]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind(kind: str) -> None:
    text = words(await read(*document(kind, "The title of it", PARAGRAPHS)))
    found = iter(text)
    assert all(word in found for word in words(" ".join(["The title of it", *PARAGRAPHS])))


async def test_the_bytes_count_and_not_the_name() -> None:
    _, data = document("docx", "The title", PARAGRAPHS)
    assert (await read("../../a.txt", data)).startswith("# The title")


@pytest.mark.parametrize("which", sorted(hostile.FILES.keys() - {"endless rows", "far cells"}))
async def test_what_cannot_be_read(which: str) -> None:
    name, make = hostile.FILES[which]
    with pytest.raises(Unreadable) as caught:
        await read(name, make())
    assert caught.value.code in ("invalid_file", "unsupported_file")
    assert caught.value.message.endswith((".", ")"))
    assert "/" not in caught.value.message.replace("/Pages", "")


async def test_many_at_once_share_processes() -> None:
    told: dict[int, str] = {}

    async def one(reader: Reader, number: int) -> None:
        kind = ("pdf", "docx", "html", "text")[number % 4]
        told[number] = await reader.read(*document(kind, f"Title {number}", PARAGRAPHS))

    async with Reader(processes=2) as reader:
        async with anyio.create_task_group() as group:
            for number in range(24):
                group.start_soon(one, reader, number)
        assert len(reader._idle) == 2
    assert all(f"Title {number}" in told[number] for number in range(24))
    assert reader._idle == []


async def test_one_that_fails_does_not_take_others_along() -> None:
    async with Reader(processes=1) as reader:
        for _ in range(2):
            assert await reader.read(*document("pdf", "Title", PARAGRAPHS))
            with pytest.raises(Unreadable):
                await reader.read("a.pdf", hostile.locked_pdf())


async def test_a_process_that_died_while_it_was_idle() -> None:
    async with Reader(processes=1) as reader:
        await reader.read(*document("pdf", "Title", PARAGRAPHS))
        (idle, _), *_ = reader._idle
        assert idle._process is not None
        idle._process.kill()
        idle._process.wait()
        assert await reader.read(*document("pdf", "Title", PARAGRAPHS))


async def test_a_process_is_replaced_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.documents.reader._USES", 2)
    async with Reader(processes=1) as reader:
        for left in (1, 0, 1):
            await reader.read(*document("html", "Title", PARAGRAPHS))
            assert len(reader._idle) == left


async def test_it_takes_too_long() -> None:
    async with Reader(seconds=0.5) as reader:
        with pytest.raises(Unreadable, match="takes too long"):
            await reader.read("a.xlsx", hostile.endless_rows())
        assert reader._idle == []


async def test_cancelled() -> None:
    rows = hostile.endless_rows()
    async with Reader(processes=1) as reader:
        for delay in (0, 0.001, 0.01, 0.3):
            with anyio.move_on_after(delay) as scope:
                await reader.read("a.xlsx", rows)
            assert scope.cancelled_caught
            assert reader._idle == []
        assert await reader.read(*document("pdf", "Title", PARAGRAPHS))


async def test_the_loop_goes_on_meanwhile() -> None:
    turns = 0
    async with Reader(seconds=1) as reader, anyio.create_task_group() as group:

        async def turn() -> None:
            nonlocal turns
            while True:
                await anyio.sleep(0.01)
                turns += 1

        group.start_soon(turn)
        with pytest.raises(Unreadable):
            await reader.read("a.xlsx", hostile.endless_rows())
        group.cancel_scope.cancel()
    assert turns > 5


async def is_asked(started: list[Process]) -> None:
    """Returns when there is a process and it has a document to read."""
    while not (started and started[-1]._process and started[-1]._asking.locked()):  # noqa: ASYNC110 -- a lock tells nobody
        await anyio.sleep(0.001)


def is_gone(process: Process) -> bool:
    return process._process is not None and process._process.returncode is not None


async def test_no_process_is_left(started: list[Process]) -> None:
    await read(*document("pdf", "Title", PARAGRAPHS))
    assert [is_gone(process) for process in started] == [True]


async def test_no_process_is_left_of_what_is_cancelled(started: list[Process]) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(read, "a.xlsx", hostile.endless_rows())
        await is_asked(started)
        group.cancel_scope.cancel()
    assert [is_gone(process) for process in started] == [True]


def test_a_task_of_asyncio_that_is_cancelled(started: list[Process]) -> None:
    """Which anyio does not shield anything from."""

    async def main() -> None:
        async with Reader() as reader:
            task = asyncio.create_task(reader.read("a.xlsx", hostile.endless_rows()))
            await is_asked(started)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert [is_gone(process) for process in started] == [True]

    asyncio.run(main())


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """The processes that readers make."""
    made: list[Process] = []

    def make() -> Process:
        made.append(Process())
        return made[-1]

    monkeypatch.setattr("assistream.engine.documents.reader.Process", make)
    return made
