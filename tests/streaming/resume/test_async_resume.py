"""CONTRACT section 6, against servers that keep it, and servers that do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assistream import APITimeoutError, AsyncClient, StreamTruncatedError, StreamUsageError
from assistream.recording import AsyncRecorder, replay
from assistream.streaming.sse import Frame, SSEDecoder

from ...frames import DONE, RC, RP, hello
from ...recording import AsyncTracer, async_play, async_streaming
from ...wire import SILENCE, Step, Wire, answer, async_until, end, hang, hang_up, reset, stream

pytestmark = pytest.mark.anyio

REST = "/threads/thread_1/runs/run_1/stream"
RESUMABLE = {"assistream-resume": f"{REST}?leg=0"}
LOSSES: dict[str, Step] = {"reset": reset(), "hung up": hang_up(), "ended": end()}
FRAMES = [b"id: %d\n%s" % (number, frame) for number, frame in enumerate(hello(done=False), 1)]


def resumed(*frames: bytes, then: Step | None = None) -> Step:
    return stream(*frames, then=then, headers=RESUMABLE)


async def told(client: AsyncClient) -> list[str]:
    handler = AsyncTracer()
    await async_play(client, handler)
    return handler.log


@pytest.fixture
async def expected(server: Wire, async_client: AsyncClient) -> list[str]:
    server.add(stream(*FRAMES, DONE))
    return await told(async_client)


@pytest.fixture
async def client(server: Wire) -> AsyncIterator[AsyncClient]:
    """It has one connection, for all."""
    http = httpx.AsyncClient(limits=httpx.Limits(max_connections=1))
    timeout = httpx.Timeout(30, pool=5)
    async with AsyncClient(base_url=server.url, api_key="secret", http_client=http, timeout=timeout) as client:
        yield client


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_lost_stream_is_read_on(server: Wire, client: AsyncClient, expected: list[str], loss: str) -> None:
    server.add(resumed(*FRAMES[:3], FRAMES[3][:-1], then=LOSSES[loss]))
    server.add(stream(*FRAMES[3:], DONE), method="GET", path=REST)
    assert await told(client) == expected
    request = server.requests[-1]
    assert (request.query, request.content) == ("leg=0", b"")
    assert request.headers["last-event-id"] == "3"
    assert request.headers["authorization"] == "Bearer secret"
    assert request.headers["openai-beta"] == "assistants=v2"
    assert request.headers["accept"].startswith("text/event-stream")
    assert "idempotency-key" not in request.headers


async def test_what_the_program_adds_to_the_request_goes_along(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(FRAMES[0], then=reset()))
    server.add(stream(*FRAMES[1:], DONE), method="GET")
    await async_play(client, AsyncTracer(), extra_headers={"x-tenant": "ours"}, timeout=17)
    assert server.requests[-1].headers["x-tenant"] == "ours"


async def test_lost_before_the_first_event(server: Wire, client: AsyncClient, expected: list[str]) -> None:
    server.add(resumed(then=reset()))
    server.add(stream(*FRAMES, DONE), method="GET")
    assert await told(client) == expected
    assert "last-event-id" not in server.requests[-1].headers


async def test_lost_again_and_again(server: Wire, client: AsyncClient, expected: list[str]) -> None:
    server.add(resumed(FRAMES[0], then=reset()))
    for number in range(1, len(FRAMES)):
        server.add(stream(FRAMES[number], then=[reset(), end()][number % 2]), method="GET")
    assert await told(client) == expected


async def test_a_server_that_repeats(server: Wire, client: AsyncClient, expected: list[str]) -> None:
    server.add(resumed(*FRAMES[:4], then=reset()))
    server.add(stream(*FRAMES[:6], then=reset()), method="GET")
    server.add(stream(*FRAMES, DONE), method="GET")
    assert await told(client) == expected
    assert [request.headers.get("last-event-id") for request in server.requests[-2:]] == ["4", "6"]


async def test_a_bare_stream(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(*FRAMES[:4], then=reset()))
    server.add(stream(*FRAMES[4:], DONE), method="GET")
    runs = client.beta.threads.runs
    async with await runs.create("thread_1", assistant_id="asst_1", stream=True) as events:
        assert len([event async for event in events]) == len(FRAMES)


async def test_who_listens_to_frames_gets_each_once(server: Wire, client: AsyncClient) -> None:
    class Listener(AsyncTracer):
        def frame_received(self, frame: Frame) -> None:
            self.log.append(f"frame {frame.event}")

    server.add(stream(*FRAMES, DONE))
    await async_play(client, whole := Listener())
    server.add(resumed(*FRAMES[:3], FRAMES[3][:-1], then=reset()))
    server.add(stream(*FRAMES[:5], then=reset()), method="GET")  # it repeats some
    server.add(stream(*FRAMES[5:], DONE), method="GET")
    await async_play(client, cut := Listener())
    assert cut.log == whole.log
    assert len([line for line in cut.log if line.startswith("frame ")]) == len(FRAMES) + 1


async def test_a_recording_shows_no_seam(
    server: Wire, client: AsyncClient, expected: list[str], tmp_path: Path
) -> None:
    server.add(resumed(*FRAMES[:4], FRAMES[4][:-1], then=reset()))
    server.add(stream(*FRAMES[4:], DONE), method="GET")
    await async_play(client, AsyncRecorder(tmp_path / "run.sse"))
    frames = SSEDecoder().feed((tmp_path / "run.sse").read_bytes())
    assert [frame.id for frame in frames[:-1]] == [str(number) for number in range(1, len(FRAMES) + 1)]
    handler = AsyncTracer()
    async with replay(tmp_path / "run.sse", handler, speed=None) as again:
        await again.until_done()
    assert handler.log == expected


async def test_a_server_that_is_away_for_a_moment(server: Wire, client: AsyncClient, expected: list[str]) -> None:
    server.add(resumed(*FRAMES[:4], then=reset()))
    server.add(answer({}, 503, headers={"retry-after-ms": "1"}), method="GET", times=2)
    server.add(stream(*FRAMES[4:], DONE), method="GET")
    assert await told(client) == expected


REFUSALS = {
    "gone": answer({}, 410),
    "not there": answer({}, 404),
    "not allowed": answer({}, 401),
    "no stream": answer({"status": "completed"}),
}


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_server_that_has_no_rest(server: Wire, client: AsyncClient, refusal: str) -> None:
    for _ in range(2):
        server.add(resumed(*FRAMES[:4], then=reset()))
        server.add(REFUSALS[refusal], method="GET")
    handler = AsyncTracer()
    with pytest.raises(StreamTruncatedError) as raised:
        await async_play(client, handler)
    assert isinstance(raised.value.__cause__, httpx.TransportError)
    assert (raised.value.run_id, handler.log[-2:]) == ("run_1", ["exception StreamTruncatedError", "end"])
    handler = AsyncTracer()
    await async_play(client, handler, allow_truncated=True)
    assert handler.log[-1] == "end"
    assert "exception StreamTruncatedError" not in handler.log


async def test_attempts_in_vain_are_bounded(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(b"retry: 1\n" + FRAMES[0], then=reset()))
    server.add(stream(FRAMES[0], then=reset()), method="GET", times=10)
    with pytest.raises(StreamTruncatedError):
        await async_play(client.with_options(max_retries=1), AsyncTracer())
    assert [request.method for request in server.requests] == ["POST", "GET"]


async def test_without_retries_nothing_is_tried(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(FRAMES[0], then=reset()))
    with pytest.raises(StreamTruncatedError):
        await async_play(client.with_options(max_retries=0), AsyncTracer())
    assert len(server.requests) == 1


@pytest.mark.parametrize("address", ["https://elsewhere.example/rest", "//elsewhere.example/rest"])
async def test_no_other_server_is_asked(server: Wire, client: AsyncClient, address: str) -> None:
    server.add(stream(FRAMES[0], then=reset(), headers={"assistream-resume": address}))
    with pytest.raises(StreamTruncatedError):
        await async_play(client, AsyncTracer())
    assert len(server.requests) == 1


async def test_events_without_numbers(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(RC(), RP(), then=reset()))
    with pytest.raises(StreamTruncatedError):
        await async_play(client, AsyncTracer())
    assert len(server.requests) == 1


async def test_after_the_end_nothing_is_missed(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(*FRAMES, then=reset()))
    assert (await told(client))[-1] == "end"
    assert len(server.requests) == 1


async def test_an_error_is_no_loss(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(FRAMES[0], b'event: error\ndata: {"message": "no"}\n', then=end()))
    handler = AsyncTracer()
    with pytest.raises(Exception, match="no"):
        await async_play(client, handler)
    assert len(server.requests) == 1


async def test_silence_is_a_timeout_as_ever(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(*FRAMES[:4], then=hang()))
    handler = AsyncTracer()
    with pytest.raises(APITimeoutError):
        await async_play(client, handler, timeout=httpx.Timeout(30, read=SILENCE))
    assert handler.log[-3:] == ["timeout", "exception APITimeoutError", "end"]
    assert len(server.requests) == 1


async def test_silence_on_the_way_back_is_a_loss(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(*FRAMES[:4], then=reset()))
    server.add(hang(), method="GET", times=5)
    handler = AsyncTracer()
    with pytest.raises(StreamTruncatedError):
        await async_play(client.with_options(max_retries=1), handler, timeout=httpx.Timeout(30, read=SILENCE))
    assert "timeout" not in handler.log


async def test_a_stream_that_is_left_is_not_read_on(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(*FRAMES[:2], then=hang()))
    async with async_streaming(client, AsyncTracer()) as target:
        async for _ in target:
            break
    await async_until(lambda: not server.open)
    assert len(server.requests) == 1


async def test_closing_the_client_is_no_loss(server: Wire, client: AsyncClient) -> None:
    server.add(resumed(*FRAMES[:2], then=hang()))
    handler = AsyncTracer()
    async with async_streaming(client, handler) as target:
        await target.__anext__()
        await target.__anext__()
        await client.close()
        with pytest.raises((StreamTruncatedError, StreamUsageError)):
            await target.until_done()
    assert len(server.requests) == 1
