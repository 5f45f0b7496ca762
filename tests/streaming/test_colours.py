"""CONTRACT section 4, E14: a handler of the wrong colour is refused; and the awaited manager of E15."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, cast

import pytest

from assistream import AssistantEventHandler, AsyncAssistantEventHandler, AsyncClient, Client
from assistream.types import Text, TextDelta

from ..frames import hello
from ..recording import AsyncTracer, async_streaming, play
from ..wire import Wire, stream


def manage(client: Client | AsyncClient, handler: object) -> object:
    """Untyped on purpose: type checkers refuse what is tried here."""
    create: Any = client.beta.threads.runs.create_and_stream
    return create("thread_1", assistant_id="asst_1", event_handler=handler)


class AsyncHook(AssistantEventHandler):
    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:  # type: ignore[override]  # the mistake
        pass


class Mixin:
    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        pass


class Mixed(Mixin, AssistantEventHandler):  # type: ignore[misc]  # the mistake
    pass


def logged(hook: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(hook)
    def wrapper(*args: Any) -> Any:
        return hook(*args)

    return wrapper


class Decorated(AssistantEventHandler):
    @logged
    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        pass


async def hook_of_the_instance(delta: TextDelta, snapshot: Text) -> None:
    pass


def patched() -> AssistantEventHandler:
    handler: Any = AssistantEventHandler()
    handler.on_text_delta = hook_of_the_instance
    return cast(AssistantEventHandler, handler)


WRONG: dict[str, Callable[[], object]] = {
    "async handler": AsyncAssistantEventHandler,
    "async hook": AsyncHook,
    "mixin": Mixed,
    "decorated": Decorated,
    "of the instance": patched,
}


@pytest.mark.parametrize("kind", WRONG)
def test_e14_refused_by_a_sync_client(server: Wire, client: Client, kind: str) -> None:
    with pytest.raises(TypeError, match="AssistantEventHandler"):
        manage(client, WRONG[kind]())
    assert server.connections == []


def test_e14_refused_in_a_list_too(server: Wire, client: Client) -> None:
    with pytest.raises(TypeError, match="AssistantEventHandler"):
        manage(client, [AssistantEventHandler(), AsyncHook()])
    assert server.connections == []


@pytest.mark.parametrize("wrong", [AssistantEventHandler, AssistantEventHandler(), 42, AsyncAssistantEventHandler])
@pytest.mark.anyio
async def test_e14_refused_by_an_async_client(server: Wire, async_client: AsyncClient, wrong: object) -> None:
    with pytest.raises(TypeError, match="AsyncAssistantEventHandler"):
        manage(async_client, wrong)
    assert server.connections == []


class ReturnsACoroutine(AssistantEventHandler):
    def __init__(self) -> None:
        self.log: list[str] = []

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> Any:
        return hook_of_the_instance(delta, snapshot)

    def on_exception(self, exception: Exception) -> None:
        self.log.append(type(exception).__name__)

    def on_end(self) -> None:
        self.log.append("end")


def test_e14_a_sync_hook_that_returns_a_coroutine(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    handler = ReturnsACoroutine()
    # A coroutine that nobody closed would warn, and warnings are errors.
    with pytest.raises(TypeError, match="AsyncAssistantEventHandler"):
        play(client, handler)
    assert handler.log == ["TypeError", "end"]


class Plain(AsyncAssistantEventHandler):
    def __init__(self) -> None:
        self.log: list[str | None] = []

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:  # type: ignore[override]  # old programs do this
        self.log.append(delta.value)

    def on_end(self) -> None:  # type: ignore[override]  # as above
        self.log.append("end")


@pytest.mark.anyio
async def test_e14_a_plain_hook_of_an_async_handler_works(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    handler = Plain()
    async with async_streaming(async_client, handler) as target:
        await target.until_done()
    assert handler.log == ["Hel", "lo", "end"]


@pytest.mark.anyio
async def test_e14_async_hooks_are_coroutine_functions() -> None:
    await AsyncAssistantEventHandler().on_end()  # so that `await super().on_end()` works in a subclass


@pytest.mark.anyio
async def test_a_bare_async_stream_closes_as_the_standard_library_expects(
    server: Wire, async_client: AsyncClient
) -> None:
    server.add(stream(*hello()))
    runs = async_client.beta.threads.runs
    async with aclosing(await runs.create("thread_1", assistant_id="asst_1", stream=True)) as events:
        async for _ in events:
            break
    assert [event async for event in events] == []


@pytest.mark.anyio
async def test_e15_an_awaited_manager(server: Wire, async_client: AsyncClient) -> None:
    opening: Any = async_streaming(async_client, AsyncTracer())
    with pytest.raises(TypeError):
        await opening
    assert server.connections == []


@pytest.mark.anyio
async def test_e15_an_async_manager_in_a_plain_with(server: Wire, async_client: AsyncClient) -> None:
    opening: Any = async_streaming(async_client, AsyncTracer())
    with pytest.raises(TypeError), opening:
        pass
    assert server.connections == []
