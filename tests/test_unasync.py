from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from scripts import unasync

SOURCE = '''\
from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from ..transport.concurrency import async_sleep
from ..transport._async import AsyncTransport


class AsyncThing:
    """An async thing."""

    async def __anext__(self) -> bytes:
        async with self.response as response:
            async for chunk in response.aiter_bytes():
                return (await self.read(chunk)).data
        await async_sleep(1)
        await response.aclose()
        raise StopAsyncIteration

    async def opened(self, http: httpx.AsyncClient, transport: AsyncTransport) -> AsyncIterator[None]:
        yield await (
            self.awaitable
        )
'''

TWIN = '''\
# Written by scripts/unasync.py from _async.py; edit that file instead.
from __future__ import annotations

from collections.abc import Iterator

import httpx

from ..transport._sync import Transport
from ..transport.concurrency import sleep


class Thing:
    """An async thing."""

    def __next__(self) -> bytes:
        with self.response as response:
            for chunk in response.iter_bytes():
                return (self.read(chunk)).data
        sleep(1)
        response.close()
        raise StopIteration

    def opened(self, http: httpx.Client, transport: Transport) -> Iterator[None]:
        yield (self.awaitable)
'''


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    path = tmp_path / "assistream" / "streaming" / "_async.py"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE)
    return path


def complaints(root: Path) -> list[str]:
    return [line for line in unasync.write_twins(root, check=True) if not line.startswith("rule")]


def test_twin(shell: Path) -> None:
    assert unasync.twin_text(shell, Counter()) == TWIN


def test_check_writes_nothing(shell: Path) -> None:
    assert complaints(shell.parents[2]) == ["stale: assistream/streaming/_sync.py"]
    assert not shell.with_name("_sync.py").exists()


def test_write_then_check(shell: Path) -> None:
    unasync.write_twins(shell.parents[2], check=False)
    assert shell.with_name("_sync.py").read_text() == TWIN
    assert complaints(shell.parents[2]) == []


def test_an_edited_twin_is_stale(shell: Path) -> None:
    shell.with_name("_sync.py").write_text(TWIN.replace("sleep(1)", "sleep(2)"))
    assert complaints(shell.parents[2]) == ["stale: assistream/streaming/_sync.py"]


def test_a_twin_without_a_source_is_removed(tmp_path: Path) -> None:
    orphan = tmp_path / "tests" / "deeper" / "test_sync_thing.py"
    orphan.parent.mkdir(parents=True)
    orphan.touch()
    assert complaints(tmp_path) == ["without a source: tests/deeper/test_sync_thing.py"]
    unasync.write_twins(tmp_path, check=False)
    assert not orphan.exists()


def test_tests_have_twins(tmp_path: Path) -> None:
    source = tmp_path / "tests" / "test_async_thing.py"
    source.parent.mkdir()
    source.write_text("import pytest\n\npytestmark = pytest.mark.anyio\n\n\nasync def test_it() -> None:\n    pass\n")
    unasync.write_twins(tmp_path, check=False)
    twin = (tmp_path / "tests" / "test_sync_thing.py").read_text()
    assert twin.splitlines()[1:] == ["", "", "def test_it() -> None:", "    pass"]


def test_an_unused_rule_is_reported(shell: Path) -> None:
    unused = r"rule never used: \bawait +"
    assert unused not in unasync.write_twins(shell.parents[2], check=True)
    shell.write_text("x = 1\n")
    assert unused in unasync.write_twins(shell.parents[2], check=True)
