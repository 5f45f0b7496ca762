"""What is searched, with what, and what is told of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from assistream.engine import objects
from assistream.engine.builtin import Answer, BadCall, Broken, Job
from assistream.engine.builtin.file_search import TOLD, FileSearch
from assistream.engine.lifecycle import Document
from assistream.engine.vector_stores import Expired, Gone, Hit, Library
from tests.engine.conftest import Json
from tests.engine.test_store import opened

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


def hit(text: str = "So", name: str = "notes.txt") -> Hit:
    return Hit("file-1", name, 0.5, {"year": 2020}, [text])


class Shelf:
    """Takes a library's place: what it is asked is what the tool is to be looked at for."""

    def __init__(self, hits: Sequence[Hit] = (), error: Exception | None = None) -> None:
        self.asked: list[Any] = []
        self._hits, self._error = hits, error

    async def search(self, store_ids: Sequence[str], queries: Sequence[str], **settings: Any) -> list[Hit]:
        self.asked.append((list(store_ids), list(queries), settings))
        if self._error:
            raise self._error
        return list(self._hits)

    async def ready(self, store_ids: Sequence[str]) -> None:
        self.asked.append(list(store_ids))
        if self._error:
            raise self._error


def run(model: str = "gpt-4o", **settings: Any) -> Document:
    tool: Json = {"type": "file_search"} | ({"file_search": settings} if settings else {})
    resources = {"file_search": {"vector_store_ids": ["vs_a"]}}
    assistant = objects.assistant({"model": model, "tools": [tool], "tool_resources": resources})
    return objects.run("thread_1", assistant, {}, ttl=600)


@asynccontextmanager
async def tool(shelf: Shelf) -> AsyncGenerator[FileSearch]:
    async with opened() as store:
        async with store.transaction() as transaction:
            thread = {"tool_resources": {"file_search": {"vector_store_ids": ["vs_b", "vs_a"]}}}
            await transaction.insert(objects.thread(thread) | {"id": "thread_1"})
        yield FileSearch(store, cast("Library", shelf))


async def answer(shelf: Shelf, arguments: str = '{"queries": ["a"]}', of: Document | None = None) -> Answer:
    async def say(body: Document) -> None:
        raise AssertionError("results come with the step")

    async with tool(shelf) as search:
        of = of or run()
        return await search.work(Job(of, "call_1", arguments, search.opening(of), 4, say))


DEFAULTS: Json = {"most": 20, "threshold": 0.0, "ranker": "default_2024_08_21"}


async def test_the_stores_of_the_assistant_and_of_the_thread() -> None:
    shelf = Shelf()
    await answer(shelf)
    assert shelf.asked == [(["vs_a", "vs_b"], ["a"], DEFAULTS)]


async def test_it_is_prepared_when_all_is_indexed() -> None:
    shelf = Shelf()
    async with tool(shelf) as search:
        await search.prepare(run())
    assert shelf.asked == [["vs_a", "vs_b"]]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (run(), {}),
        (run("gpt-3.5-turbo"), {"most": 5}),
        (run("gpt-3.5-turbo", max_num_results=7), {"most": 7}),
        (run(ranking_options={"score_threshold": 0.3}), {"threshold": 0.3}),
        (run(ranking_options={"ranker": "auto", "score_threshold": 0.0}), {}),
    ],
)
async def test_settings(of: Document, expected: Json) -> None:
    shelf = Shelf()
    await answer(shelf, of=of)
    assert shelf.asked[0][2] == DEFAULTS | expected


async def test_ranking_options_are_told_with_the_call() -> None:
    async with tool(Shelf()) as search:
        body = search.opening(run(ranking_options={"score_threshold": 0.3}))
    assert body == {"ranking_options": {"ranker": "default_2024_08_21", "score_threshold": 0.3}, "results": []}


@pytest.mark.parametrize(
    ("arguments", "queries"),
    [
        ('{"queries": ["a", "b"]}', ["a", "b"]),
        ('{"queries": "a"}', ["a"]),
        ('{"query": "a", "top_k": 3}', ["a"]),
        ('{"queries": ["a", " ", 5, null]}', ["a"]),
        ('{"queries": ["a \\ud83d b"]}', ["a ? b"]),
        ('{"queries": ["1", "2", "3", "4", "5", "6"]}', ["1", "2", "3", "4", "5"]),
    ],
)
async def test_queries(arguments: str, queries: list[str]) -> None:
    shelf = Shelf()
    await answer(shelf, arguments)
    assert shelf.asked[0][1] == queries


@pytest.mark.parametrize("arguments", ["", "{}", "[]", "5", "{", '{"queries": []}', '{"queries": [5]}', "[" * 100_000])
async def test_a_call_without_a_query(arguments: str) -> None:
    with pytest.raises(BadCall):
        await answer(Shelf(), arguments)


async def test_results() -> None:
    found = await answer(Shelf([hit("One"), hit("Two", "b【】.txt")]))
    assert found.body is not None
    assert found.body["results"][0] == {
        "file_id": "file-1",
        "file_name": "notes.txt",
        "score": 0.5,
        "attributes": {"year": 2020},
        "content": [{"type": "text", "text": "One"}],
    }
    assert found.sources == {"4:0": "file-1", "4:1": "file-1"}
    assert found.told.endswith("\n\n【4:0†notes.txt】\nOne\n\n【4:1†b__.txt】\nTwo")


async def test_nothing_was_found() -> None:
    found = await answer(Shelf())
    assert found.told.startswith("Nothing was found.")
    assert found.sources == {}


async def test_the_model_is_told_so_much_and_no_more() -> None:
    found = await answer(Shelf([hit("x" * 40_000)] * 5))
    assert len(found.told) < TOLD + 1_000
    assert found.told.count("【") == 2
    assert len(found.body["results"] if found.body else []) == 5


async def test_a_limit_of_prompt_tokens_leaves_less_room() -> None:
    limited = run() | {"max_prompt_tokens": 300, "usage": objects.add_tokens(objects.NO_TOKENS, 100, 0)}
    found = await answer(Shelf([hit("z" * 5_000)] * 2), of=limited)
    assert found.told.count("z") == 400
    spent = limited | {"usage": objects.add_tokens(objects.NO_TOKENS, 400, 0)}
    assert (await answer(Shelf([hit()]), of=spent)).told.count("【") == 0


@pytest.mark.parametrize(("error", "text"), [(Expired("vs_a"), "has expired"), (Gone("vs_a"), "does not exist")])
@pytest.mark.parametrize("early", [True, False])
async def test_a_store_that_is_gone(error: Exception, text: str, early: bool) -> None:
    with pytest.raises(Broken, match=f"The vector store vs_a {text}"):
        if not early:
            await answer(Shelf(error=error))
        async with tool(Shelf(error=error)) as search:
            await search.prepare(run())


async def test_a_thread_that_was_deleted() -> None:
    shelf = Shelf()
    async with opened() as store:
        await FileSearch(store, cast("Library", shelf)).prepare(run())
    assert shelf.asked == [["vs_a"]]
