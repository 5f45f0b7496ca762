"""The types that the testing kit gives: for mypy and pyright, never run."""

from __future__ import annotations

from typing import assert_type

from assistream import AssistantEventHandler, AssistantStreamManager, AsyncAssistantEventHandler, AsyncClient, Client
from assistream.testing import (
    LoggedRequest,
    ModelRequest,
    Output,
    ScriptedServer,
    Turn,
    call,
    calls,
    drops_connection,
    fails,
    goes_silent,
    refuses,
    says,
    sends,
)
from assistream.types import Assistant, Thread


class Mine(AssistantEventHandler): ...


class AsyncMine(AsyncAssistantEventHandler): ...


def turns() -> list[Turn]:
    assert_type(says("a") + drops_connection(), Turn)
    assert_type(calls(("f", {"a": 1}), g={}), Turn)
    assert_type(fails("invalid_prompt"), Turn)
    assert_type(fails(429, "Slow down.", headers={"retry-after": "1"}), Turn)
    fails("nothing_known")  # type: ignore[call-overload] # pyright: ignore[reportArgumentType, reportCallIssue] -- no code
    fails("invalid_prompt", headers={})  # type: ignore[call-overload] # pyright: ignore[reportArgumentType, reportCallIssue] -- no answer to carry them
    return [refuses("a"), call("f", "{"), drops_connection(after=3, reset=True), goes_silent(3), sends(b""), sends("")]


def scripts(server: ScriptedServer) -> None:
    def later(request: ModelRequest) -> Turn | str:
        return "a"

    server.script("a", says("b"), later, lambda request: request.messages[-1].text)
    assert_type(ScriptedServer("a", later, check=False, run_ttl=1), ScriptedServer)
    ScriptedServer(3)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- no turn


def what_it_knows(server: ScriptedServer) -> None:
    assert_type(server.base_url, str)
    assert_type(server.assistant, Assistant)
    assert_type(server.thread("Hi"), Thread)
    assert_type(server.requests, list[ModelRequest])
    assert_type(server.outputs, list[Output])
    assert_type(server.log, list[LoggedRequest])
    assert_type(server.client(timeout=3), Client)
    assert_type(server.async_client(), AsyncClient)


def streams(server: ScriptedServer) -> None:
    assert_type(server.stream(), AssistantStreamManager[AssistantEventHandler])
    assert_type(server.stream("Hi", event_handler=[Mine()]), AssistantStreamManager[Mine])
    with server.stream(event_handler=Mine(), max_turns=3) as handler:
        assert_type(handler, Mine)


async def async_streams(server: ScriptedServer) -> None:
    async with server.async_stream() as stream:
        assert_type(stream, AsyncAssistantEventHandler)
    async with server.async_stream("Hi", event_handler=AsyncMine()) as handler:
        assert_type(handler, AsyncMine)
