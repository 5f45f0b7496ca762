"""The parts of an engine, put together and taken apart."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from . import contents
from .builtin import BuiltIn, Toolbox
from .builtin.file_search import FileSearch
from .embeddings import Embedder
from .interpreter import CodeInterpreter
from .keyring import Keyring
from .models import Model
from .observing.watch import Watch, Wishes
from .runner import Runner
from .source import close
from .store import Store
from .terms import Terms
from .vector_stores import Library
from .views.call import Limits, Services

Tools: TypeAlias = Callable[[Store, Library, AsyncExitStack], Awaitable[Toolbox]]
"""Makes the tools that the engine runs itself; what is to be closed with it goes onto the stack."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine is to be: its options, checked."""

    path: str | Path
    model: Model
    embedder: Embedder | None
    interpreter: CodeInterpreter | None
    terms: Terms
    max_runs: int
    max_queued: int
    keepalive: float
    limits: Limits
    wishes: Wishes
    api_keys: Sequence[str]
    is_local: bool


@asynccontextmanager
async def assembled(plan: Plan, tools: Tools) -> AsyncGenerator[tuple[Services, Keyring]]:
    """All of it, at work, until it is closed in the opposite order."""
    store = Store(plan.path)
    watch = Watch(store, plan.wishes)
    await store.open()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        stack.push_async_callback(watch.close)
        if plan.embedder:
            stack.push_async_callback(close, plan.embedder)
        stack.push_async_callback(close, plan.model)
        library = Library(store, plan.embedder)
        stack.push_async_callback(library.close)
        runner = Runner(
            store,
            plan.model,
            toolbox=await tools(store, library, stack),
            terms=plan.terms,
            max_runs=plan.max_runs,
            max_queued=plan.max_queued,
            observer=watch.observer,
        )
        await watch.open()
        await runner.boot()
        await contents.tidy(store)
        keyring = Keyring(store, plan.api_keys, open_=plan.is_local)
        await keyring.look()
        library.start()
        yield Services(store, runner, plan.keepalive, plan.model, library, watch, plan.limits), keyring


async def toolbox(plan: Plan, store: Store, library: Library, stack: AsyncExitStack) -> Toolbox:
    return Toolbox([FileSearch(store, library), *await _interpreter(plan, store, stack)])


async def _interpreter(plan: Plan, store: Store, stack: AsyncExitStack) -> list[BuiltIn]:
    """The tool that runs code, if there is to be one: tried at once."""
    if plan.interpreter is None:
        return []
    # Here, because it is for Linux alone.
    from .interpreter.tool import opened

    interpreter = opened(store, plan.interpreter)
    stack.push_async_callback(interpreter.close)
    await interpreter.start()
    return [interpreter]
