"""Built-in tools whose work a test decides, and engines that have them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

from assistream.engine import Engine
from assistream.engine.builtin import Answer, BuiltIn, Job, Reader, Silent, Toolbox
from assistream.engine.builtin.code import CodeReader
from assistream.engine.lifecycle import Document
from assistream.engine.store import Store
from assistream.engine.vector_stores import Library
from tests.engine.conftest import Json

SEARCH: Json = {"type": "file_search"}
CODE: Json = {"type": "code_interpreter"}
RESULT: Json = {
    "file_id": "file-1",
    "file_name": "notes.txt",
    "score": 0.5,
    "content": [{"type": "text", "text": "So"}],
}

Work = Callable[[Job], Awaitable[Answer]]


async def _nothing(run: Document) -> None:
    pass


async def finds(job: Job) -> Answer:
    """One result, whose mark has the number of the search."""
    sources = {f"{job.number}:0": "file-1"}
    return Answer(f"Found: So 【{job.number}:0†notes.txt】", job.body | {"results": [RESULT]}, sources)


async def echoes(job: Job) -> Answer:
    """Code that prints itself."""
    await job.say({"outputs": [{"index": 0, "type": "logs", "logs": job.body["input"]}]})
    return Answer(f"Printed: {job.body['input']}")


class Fake:
    description = "What it does."
    parameters: Mapping[str, object] = {"type": "object", "properties": {}}

    def __init__(self, type: str, work: Work, prepare: Callable[[Document], Awaitable[None]] = _nothing) -> None:
        self.type: str = type
        self._work, self._prepare = work, prepare
        self.jobs: list[Job] = []

    def opening(self, run: Document) -> Document:
        return {"input": "", "outputs": []} if self.type == "code_interpreter" else {"results": []}

    def reader(self) -> Reader:
        return CodeReader() if self.type == "code_interpreter" else Silent()

    def forget(self, thread_id: str) -> None:
        pass

    async def prepare(self, run: Document) -> None:
        await self._prepare(run)

    async def work(self, job: Job) -> Answer:
        self.jobs.append(job)
        return await self._work(job)


class Equipped(Engine):
    """An engine with these tools, and no others."""

    def __init__(self, *tools: BuiltIn, **options: Any) -> None:
        super().__init__(**options)
        self._equipment = tools

    async def _tools(self, store: Store, library: Library, stack: AsyncExitStack) -> Toolbox:
        return Toolbox(self._equipment)
