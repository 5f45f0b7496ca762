"""CONTRACT section 4, the rows about what goes wrong on the way: E1, E5, E8, E9, E22, E23."""

from __future__ import annotations

import httpx
import pytest

from assistream import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AsyncClient,
    InternalServerError,
    NotFoundError,
    RunFailedError,
    StreamContentTypeError,
)

from ..frames import DM, DONE, MC, RC, RD, RF, RI, RX, Object, event, run
from ..recording import AsyncTracer, async_play, async_streaming
from ..wire import SILENCE, Step, Wire, answer, async_until, end, hang, head, pause, raw, reset, script, send, stream

pytestmark = pytest.mark.anyio

OVERLOADED: Object = {"message": "Overloaded.", "type": "server_error", "code": "overloaded", "param": None}
ERRORS = {
    "wrapped": event("error", {"error": OVERLOADED}),
    "flat": event("error", OVERLOADED),
    "plain text": event("error", "Overloaded."),
}


@pytest.mark.parametrize("shape", ERRORS)
async def test_e1_an_error_event(server: Wire, async_client: AsyncClient, shape: str) -> None:
    server.add(stream(RC(), MC(), DM("msg_1", "Hel"), ERRORS[shape], then=hang()))
    handler = AsyncTracer()
    with pytest.raises(APIError, match="Overloaded") as raised:
        await async_play(async_client, handler)
    assert type(raised.value) is APIError
    assert raised.value.code == (None if shape == "plain text" else "overloaded")
    assert handler.log[-3:] == ["event error", "exception APIError", "end"]
    assert not [line for line in handler.log if "done" in line]
    await async_until(lambda: not server.open)


async def test_e1_the_failure_is_kept(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), ERRORS["wrapped"]))
    seen: list[BaseException] = []
    async with async_streaming(async_client, AsyncTracer()) as handler:
        for wait in (
            handler.until_done,
            handler.get_final_run,
            handler.get_final_messages,
            handler.get_final_run_steps,
        ):
            with pytest.raises(APIError) as raised:
                await wait()
            seen.append(raised.value)
    assert all(error is seen[0] for error in seen)


async def test_e1_in_a_bare_stream(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), ERRORS["wrapped"], then=hang()))
    events: list[str] = []
    with pytest.raises(APIError, match="Overloaded"):
        async for received in await async_client.beta.threads.runs.create(
            "thread_1", assistant_id="asst_1", stream=True
        ):
            events.append(received.event)
    assert events[0] == "thread.run.created"
    await async_until(lambda: not server.open)


NO_STREAMS: dict[str, tuple[str, Step]] = {
    "json": ("application/json", answer(run("queued"))),
    "html": ("text/html; charset=utf-8", answer(b"<h1>Sign in</h1>", content_type="text/html; charset=utf-8")),
    "endless html": (
        "text/html",
        script(head(content_type="text/html"), send(b"<h1>" * 1000), send(b"<p>" * 1_000_000), hang()),
    ),
}


@pytest.mark.parametrize("kind", ["json", "html"])
async def test_e5_not_an_event_stream(server: Wire, async_client: AsyncClient, kind: str) -> None:
    content_type, step = NO_STREAMS[kind]
    server.add(step)
    handler = AsyncTracer()
    with pytest.raises(StreamContentTypeError) as raised:
        await async_play(async_client, handler)
    assert raised.value.content_type == content_type
    assert content_type in str(raised.value)
    assert ("run_1" if kind == "json" else "Sign in") in str(raised.value.body)
    assert handler.log == ["exception StreamContentTypeError", "end"]


@pytest.mark.parametrize(("status", "body"), [(204, b""), (200, b'{"object": "thread.run"}'), (200, b"")])
async def test_e5_no_type_and_no_stream(server: Wire, async_client: AsyncClient, status: int, body: bytes) -> None:
    server.add(raw(b"HTTP/1.1 %d .\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)))
    handler = AsyncTracer()
    with pytest.raises(StreamContentTypeError, match="no type") as raised:
        await async_play(async_client, handler)
    assert raised.value.body == body.decode()
    assert handler.log == ["exception StreamContentTypeError", "end"]


async def test_e5_is_bounded(server: Wire, async_client: AsyncClient) -> None:
    server.add(NO_STREAMS["endless html"][1])
    with pytest.raises(StreamContentTypeError):
        await async_play(async_client, AsyncTracer())
    await async_until(lambda: not server.open)


async def test_e5_in_a_bare_stream(server: Wire, async_client: AsyncClient) -> None:
    server.add(NO_STREAMS["html"][1])
    stream = await async_client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True)
    with pytest.raises(StreamContentTypeError):
        await stream.__anext__()
    assert stream.response.is_closed


@pytest.mark.parametrize("content_type", ["text/event-stream; charset=utf-8", "Text/Event-Stream"])
async def test_e5_an_event_stream_by_its_other_spellings(
    server: Wire, async_client: AsyncClient, content_type: str
) -> None:
    server.add(head(content_type=content_type), send(RC() + RD() + DONE), end())
    handler = AsyncTracer()
    await async_play(async_client, handler)
    assert handler.log[-2:] == ["run_changed completed", "end"]


@pytest.mark.parametrize(("status", "error"), [(404, NotFoundError), (500, InternalServerError)])
async def test_e8_an_http_error_when_opening(
    server: Wire, async_client: AsyncClient, status: int, error: type[APIError]
) -> None:
    server.add(answer({"error": {"message": "No.", "code": "nope"}}, status), times=9)
    handler = AsyncTracer()
    with pytest.raises(error, match=r"No\.") as raised:
        await async_play(async_client, handler)
    assert raised.value.code == "nope"
    assert handler.log == [f"exception {error.__name__}", "end"]
    assert len(server.requests) == 1


async def test_e8_no_server() -> None:
    with Wire() as gone:
        pass
    handler = AsyncTracer()
    async with AsyncClient(base_url=gone.url, api_key="test", max_retries=0) as client:
        with pytest.raises(APIConnectionError) as raised:
            await async_play(client, handler)
    assert isinstance(raised.value.__cause__, httpx.ConnectError)
    assert handler.log == ["exception APIConnectionError", "end"]


async def test_e8_a_connect_timeout() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("no answer", request=request)

    handler = AsyncTracer()
    http = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
    async with AsyncClient(base_url="http://nowhere", api_key="test", max_retries=0, http_client=http) as client:
        with pytest.raises(APITimeoutError) as raised:
            await async_play(client, handler)
    assert isinstance(raised.value.__cause__, httpx.ConnectTimeout)
    assert handler.log == ["timeout", "exception APITimeoutError", "end"]


async def test_e8_no_answer_in_time(server: Wire, async_client: AsyncClient) -> None:
    server.add(hang(), times=9)
    handler = AsyncTracer()
    with pytest.raises(APITimeoutError):
        await async_play(async_client, handler, timeout=httpx.Timeout(5, read=SILENCE))
    assert handler.log == ["timeout", "exception APITimeoutError", "end"]
    assert len(server.requests) == 1
    await async_until(lambda: not server.open)


async def test_e8_the_connection_is_lost_before_the_answer(server: Wire, async_client: AsyncClient) -> None:
    server.add(reset(), times=9)
    handler = AsyncTracer()
    with pytest.raises(APIConnectionError) as raised:
        await async_play(async_client, handler)
    assert isinstance(raised.value.__cause__, httpx.TransportError)
    assert handler.log == ["exception APIConnectionError", "end"]
    assert len(server.requests) == 1


async def test_e9_a_read_timeout_in_the_middle(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), MC(), DM("msg_1", "Hel"), then=hang()))
    handler = AsyncTracer()
    with pytest.raises(APITimeoutError) as raised:
        await async_play(async_client, handler, timeout=httpx.Timeout(5, read=SILENCE))
    assert isinstance(raised.value.__cause__, httpx.ReadTimeout)
    assert handler.log[-4:] == ["message_delta MessageDelta", "timeout", "exception APITimeoutError", "end"]
    await async_until(lambda: not server.open)


async def test_e9_a_read_timeout_in_a_bare_stream(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), then=hang()))
    events = await async_client.beta.threads.runs.create(
        "thread_1", assistant_id="asst_1", stream=True, timeout=httpx.Timeout(5, read=SILENCE)
    )
    assert (await events.__anext__()).event == "thread.run.created"
    with pytest.raises(APITimeoutError):
        await events.__anext__()
    await async_until(lambda: not server.open)


async def test_e9_slow_is_not_too_slow(server: Wire, async_client: AsyncClient) -> None:
    body = b"".join([RC(), RD(), DONE])
    pieces = [body[at : at + 200] for at in range(0, len(body), 200)]
    server.add(head(), *(step for piece in pieces for step in (send(piece), pause(0.02))), end())
    handler = AsyncTracer()
    await async_play(async_client, handler, timeout=httpx.Timeout(5, read=1.0))
    assert handler.log[-2:] == ["run_changed completed", "end"]


FAILURES = {
    "failed": RF(),
    "cancelled": RX(),
    "incomplete": RI(),
    "expired": event("thread.run.expired", run("expired")),
}


@pytest.mark.parametrize("status", FAILURES)
async def test_e22_a_run_that_ends_without_success_raises_nothing(
    server: Wire, async_client: AsyncClient, status: str
) -> None:
    server.add(stream(RC(), FAILURES[status], DONE))
    handler = AsyncTracer()
    async with async_streaming(async_client, handler) as target:
        assert (await target.get_final_run()).status == status
        with pytest.raises(RunFailedError, match=status) as raised:
            await target.get_final_run(raise_on_failure=True)
    assert raised.value.run.id == "run_1"
    assert [line for line in handler.log if "exception" in line] == []
    assert handler.log[-1] == "end"


async def test_e22_says_why(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), RF(), DONE))
    handler = AsyncTracer()
    async with async_streaming(async_client, handler) as target:
        with pytest.raises(RunFailedError, match="Sorry, something went wrong") as raised:
            await target.get_final_run(raise_on_failure=True)
    assert raised.value.run.last_error is not None
    assert raised.value.run.last_error.code == "server_error"
    assert handler.log[-4:] == ["event thread.run.failed", "run_changed failed", "run_failed failed", "end"]


async def test_e22_success_is_no_failure(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), RD(), DONE))
    async with async_streaming(async_client, AsyncTracer()) as target:
        assert (await target.get_final_run(raise_on_failure=True)).status == "completed"


async def test_e23_the_status_of_the_object_counts(server: Wire, async_client: AsyncClient) -> None:
    mixed = event("thread.run.completed", run("incomplete", incomplete_details={"reason": "max_prompt_tokens"}))
    server.add(stream(RC(), mixed, DONE))
    async with async_streaming(async_client, AsyncTracer()) as target:
        assert (await target.get_final_run()).status == "incomplete"
        with pytest.raises(RunFailedError, match="max_prompt_tokens"):
            await target.get_final_run(raise_on_failure=True)


async def test_e23_a_status_that_ends_the_leg_under_another_name(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), event("thread.run.in_progress", run("failed", last_error={"code": "x", "message": "y"}))))
    handler = AsyncTracer()
    await async_play(async_client, handler)
    assert handler.log[-3:] == ["run_changed failed", "run_failed failed", "end"]
