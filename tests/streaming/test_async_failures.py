"""CONTRACT section 4, E10: what a hook raises."""

from __future__ import annotations

import httpx
import pytest

from assistream import APIError, APITimeoutError, AsyncClient
from assistream.types import AssistantStreamEvent, Message, Run, Text, TextDelta

from ..frames import RC, event, hello
from ..recording import AsyncTracer, async_play, async_streaming
from ..wire import SILENCE, Wire, async_until, hang, stream

pytestmark = pytest.mark.anyio

MINE = LookupError("mine")


class InOnEvent(AsyncTracer):
    async def on_event(self, event: AssistantStreamEvent) -> None:
        raise MINE


class InOnRunChanged(AsyncTracer):
    async def on_run_changed(self, run: Run) -> None:
        raise MINE


class InOnTextDelta(AsyncTracer):
    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        raise MINE


class InOnMessageDone(AsyncTracer):
    async def on_message_done(self, message: Message) -> None:
        raise MINE


@pytest.mark.parametrize("kind", [InOnEvent, InOnRunChanged, InOnTextDelta, InOnMessageDone])
async def test_e10_it_propagates_unchanged(server: Wire, async_client: AsyncClient, kind: type[AsyncTracer]) -> None:
    server.add(stream(*hello(), then=hang()))
    handler = kind()
    with pytest.raises(LookupError) as raised:
        await async_play(async_client, handler)
    assert raised.value is MINE
    assert handler.log[-2:] == ["exception LookupError", "end"]
    await async_until(lambda: not server.open)


async def test_e10_the_end_of_an_iterator_in_a_hook_is_not_the_end_of_the_stream(
    server: Wire, async_client: AsyncClient
) -> None:
    class Runs(AsyncTracer):
        async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            raise StopAsyncIteration

    server.add(stream(*hello()))
    with pytest.raises((RuntimeError, StopAsyncIteration)):  # Python itself makes it a RuntimeError in such places
        await async_play(async_client, Runs())


async def test_e10_nothing_is_called_after_it(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    handler = InOnTextDelta()
    async with async_streaming(async_client, handler) as target:
        with pytest.raises(LookupError):
            await target.until_done()
        before = list(handler.log)
        assert [received async for received in target] == []
    assert handler.log == before
    assert "message_delta MessageDelta" not in before


async def test_e10_a_timeout_error_of_the_program_is_no_timeout(server: Wire, async_client: AsyncClient) -> None:
    class Late(AsyncTracer):
        async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            raise TimeoutError("the database")

    server.add(stream(*hello()))
    handler = Late()
    with pytest.raises(TimeoutError, match="the database"):
        await async_play(async_client, handler)
    assert handler.log[-2:] == ["exception TimeoutError", "end"]
    assert "timeout" not in handler.log


async def test_e10_the_failure_is_kept(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    handler = InOnMessageDone()
    async with async_streaming(async_client, handler) as target:
        for wait in (target.until_done, target.get_final_run, target.get_final_messages, target.get_final_run_steps):
            with pytest.raises(LookupError) as raised:
                await wait()
            assert raised.value is MINE
    assert handler.log.count("exception LookupError") == 1
    assert handler.log.count("end") == 1


class BadEnd(AsyncTracer):
    async def on_end(self) -> None:
        await super().on_end()
        raise RuntimeError("at the end")


async def test_e10_on_end_masks_no_hook(server: Wire, async_client: AsyncClient) -> None:
    class Both(BadEnd, InOnTextDelta): ...

    server.add(stream(*hello()))
    handler = Both()
    with pytest.raises(LookupError) as raised:
        await async_play(async_client, handler)
    assert raised.value is MINE
    assert handler.log[-1] == "end"


async def test_e10_on_end_masks_no_error_of_the_server(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), event("error", {"message": "Overloaded."})))
    with pytest.raises(APIError, match="Overloaded"):
        await async_play(async_client, BadEnd())


async def test_e10_on_end_masks_no_error_of_the_body(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    handler = BadEnd()
    with pytest.raises(KeyError, match="mine"):
        async with async_streaming(async_client, handler):
            raise KeyError("mine")
    assert handler.log == ["end"]
    await async_until(lambda: not server.open)


async def test_e10_on_end_alone_is_heard(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello()))
    handler = BadEnd()
    with pytest.raises(RuntimeError, match="at the end"):
        await async_play(async_client, handler)
    assert handler.log.count("end") == 1


async def test_e10_on_exception_replaces_the_error(server: Wire, async_client: AsyncClient) -> None:
    class Translates(InOnTextDelta):
        async def on_exception(self, exception: Exception) -> None:
            await super().on_exception(exception)
            raise ConnectionAbortedError("translated")

    server.add(stream(*hello()))
    handler = Translates()
    with pytest.raises(ConnectionAbortedError, match="translated") as raised:
        await async_play(async_client, handler)
    assert raised.value.__context__ is MINE
    assert handler.log[-2:] == ["exception LookupError", "end"]


async def test_e10_on_timeout_replaces_the_error(server: Wire, async_client: AsyncClient) -> None:
    class Impatient(AsyncTracer):
        async def on_timeout(self) -> None:
            await super().on_timeout()
            raise ConnectionAbortedError("translated")

    server.add(stream(RC(), then=hang()))
    handler = Impatient()
    with pytest.raises(ConnectionAbortedError, match="translated") as raised:
        await async_play(async_client, handler, timeout=httpx.Timeout(5, read=SILENCE))
    assert isinstance(raised.value.__context__, APITimeoutError)
    assert handler.log.count("timeout") == handler.log.count("end") == 1
    assert handler.log[-1] == "end"
    await async_until(lambda: not server.open)


async def test_e10_the_body_may_go_on_after_it(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(*hello(), then=hang()))
    async with async_streaming(async_client, InOnTextDelta()) as target:
        with pytest.raises(LookupError):
            await target.until_done()
        await async_until(lambda: not server.open)
