"""What goes over the wire, on asyncio and trio."""

from __future__ import annotations

import threading
from typing import Any

import anyio
import pytest

from assistream.engine.models import ModelRequest
from assistream.engine.models.chat_completions import connection
from assistream.engine.models.chat_completions.connection import Connection
from assistream.engine.models.chat_completions.failures import Failure
from assistream.engine.models.chat_completions.options import Options
from assistream.engine.models.chat_completions.payloads import Payload, Payloads
from tests.engine.models.asking import HELLO
from tests.engine.models.chat_completions.server import DONE, PATH, answering, asking, chunk, event, saying
from tests.wire import Wire, answer, async_until, end, hang, head, pause, reset, send

pytestmark = pytest.mark.anyio


async def ask(server: Wire, **options: Any) -> list[Payload]:
    asked = Connection(Options(f"{server.url}/v1", **options))
    try:
        return [payload async for payload in asked.ask({"model": "m"}, [])]
    finally:
        await asked.aclose()


async def test_what_is_asked() -> None:
    with Wire() as server:
        server.add(saying("Hi"))
        await ask(server, api_key="s3cret", headers={"X-Team": "a"})
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("POST", PATH, {"model": "m"})
    assert request.headers["authorization"] == "Bearer s3cret"
    assert request.headers["x-team"] == "a"
    assert request.headers["content-type"] == "application/json"


async def test_no_key_and_another_header_for_it() -> None:
    with Wire() as server:
        server.add(saying("Hi"), times=2)
        await ask(server)
        await ask(server, api_key="a", headers={"Authorization": "Other b"})
    assert [request.headers.get("authorization") for request in server.requests] == [None, "Other b"]


async def test_one_connection_for_many_questions() -> None:
    with Wire() as server:
        server.add(saying("Hi"), times=3)
        async with asking(server) as model:
            for _ in range(3):
                assert [delta async for delta in model.generate(ModelRequest("m", HELLO))]
            assert len(server.connections) == 1
        await async_until(lambda: not server.open)


async def test_a_connection_whose_end_is_late_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REST", 5)
    with Wire() as server:
        for _ in range(2):
            server.add(head(), send(event(chunk({"content": "Hi"}))), send(DONE), pause(0.05), end())
        async with asking(server) as model:
            for _ in range(2):
                assert [delta async for delta in model.generate(ModelRequest("m", HELLO))]
        assert len(server.connections) == 1


async def test_a_server_that_goes_on_after_the_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REST", 0.01)
    with Wire() as server:
        server.add(head(), send(event(chunk({"content": "Hi"}))), send(DONE), hang())
        assert len(await ask(server)) == 1
        await async_until(lambda: not server.open)


@pytest.mark.parametrize("after", [0, 1])
async def test_closing_the_answer_closes_the_connection(after: int) -> None:
    """Whether it waits for the server or for its reader."""
    with Wire() as server:
        server.add(head(), *(send(event(chunk({"content": "Hi"}))) for _ in range(after)), hang())
        asked = Connection(Options(f"{server.url}/v1"))
        answers = asked.ask({}, [])
        if after:
            await anext(answers)
            await answers.aclose()
        else:
            async with anyio.create_task_group() as group:
                group.start_soon(anext, answers)
                await async_until(lambda: server.requests)
                group.cancel_scope.cancel()
        await async_until(lambda: not server.open)
        await asked.aclose()


async def test_it_can_be_closed_and_used_again() -> None:
    with Wire() as server:
        server.add(saying("Hi"), times=2)
        asked = Connection(Options(f"{server.url}/v1"))
        for _ in range(2):
            assert [payload async for payload in asked.ask({}, [])]
            await asked.aclose()
            await asked.aclose()


async def test_whether_that_was_all() -> None:
    with Wire() as server:
        for done in (True, False):
            server.add(answering(chunk({"content": "Hi"}), done=done))
            found: list[Payloads] = []
            asked = Connection(Options(f"{server.url}/v1"))
            assert [payload async for payload in asked.ask({}, found)]
            assert [one.done for one in found] == [done]
            await asked.aclose()


async def test_a_large_refusal_is_read_in_part() -> None:
    with Wire() as server:
        server.add(answer(b"x" * 200_000, 400, content_type="text/plain"))
        with pytest.raises(Failure) as caught:
            await ask(server)
    assert len(caught.value.text) == 64 * 1024


async def test_nobody_listens() -> None:
    with Wire() as server:
        pass
    with pytest.raises(Failure, match="cannot be reached"):
        await ask(server)


async def test_a_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with Wire() as server:
        server.add(saying("Hi"))
        assert await ask(server)


async def test_as_many_as_are_asked_go_on_at_once() -> None:
    """More than httpx would open by itself; none is answered before all have been asked."""
    many, all_are_here = 120, threading.Event()
    with Wire() as server:
        server.add(pause(all_are_here), saying("Hi"), times=many)
        async with asking(server) as model, anyio.create_task_group() as group:

            async def one() -> None:
                assert [delta async for delta in model.generate(ModelRequest("m", HELLO))]

            for _ in range(many):
                group.start_soon(one)
            await async_until(lambda: len(server.requests) == many)
            all_are_here.set()


async def test_silence() -> None:
    with Wire() as server:
        server.add(hang())
        with pytest.raises(Failure, match=r"has sent nothing for 0.05 seconds"):
            await ask(server, timeout=0.05)


@pytest.mark.parametrize("steps", [[reset()], [head(), send(event(chunk({"content": "Hi"}))), reset()]])
async def test_the_connection_is_lost(steps: list[Any]) -> None:
    with Wire() as server:
        server.add(*steps)
        with pytest.raises(Failure, match="was lost"):
            await ask(server)


@pytest.mark.parametrize(
    ("status", "body", "names"),
    [(200, {"data": [{"id": "a"}, {"id": "b"}]}, ["a", "b"]), (200, b"not JSON", []), (200, {"data": None}, [])],
)
async def test_models(status: int, body: Any, names: list[str]) -> None:
    with Wire() as server:
        server.add(answer(body, status), method="GET", path="/v1/models")
        asked = Connection(Options(f"{server.url}/v1"))
        assert await asked.models() == names
        await asked.aclose()


async def test_no_list_of_models() -> None:
    with Wire() as server:
        server.add(answer({"error": "no"}, 404))
        server.add(head(content_type="application/json"), send(b'{"data'), reset())
        asked = Connection(Options(f"{server.url}/v1"))
        for text in ("status 404", "was lost"):
            with pytest.raises(Failure, match=text):
                await asked.models()
        await asked.aclose()


async def test_redirects_are_told() -> None:
    with Wire() as server:
        server.add(head(307, headers={"location": "/elsewhere"}), end())
        with pytest.raises(Failure, match="status 307"):
            await ask(server)
