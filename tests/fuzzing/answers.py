"""Fuzzing a whole client: whatever bytes a server answers with, the program gets events or an error of the tree."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from assistream import APIError, AssistantEventHandler, Client

from .. import frames as wire
from .events import any_event
from .source import Source

_TYPES = ("text/event-stream", "text/event-stream; charset=utf-8", "application/json", "text/html", "")
_CODES = (200,) * 12 + (201, 204, 302, 400, 404)
_AGAIN = (429, 500, 503, 599)
"""Codes after which a client that may try again waits, for longer than a fuzzer has time."""
_HEADERS: tuple[dict[str, str], ...] = (
    *({}, {}, {}, {}, {"content-length": "3"}, {"content-encoding": "gzip"}, {"content-encoding": "never heard of"}),
    *({"retry-after": "x"}, {"retry-after-ms": "0"}, {"assistream-resume": "/rest"}, {"assistream-resume": "http://["}),
    *({"location": "/elsewhere"}, {"location": "http://["}, {"x-request-id": "\xff"}, {"assistream-idempotency": "1"}),
)
_NOISE = (
    b"\n",
    b"\n\n",
    b"\r",
    b":",
    b"data",
    b"event: error\n",
    b"id: 7\n",
    b"id: 99999999999999999999\n",
    b"retry: 0\n",
)


class Counting(AssistantEventHandler):
    """Counts its last hooks."""

    def __init__(self) -> None:
        self.ends = self.exceptions = 0

    def on_exception(self, exception: Exception) -> None:
        assert self.ends == 0
        self.exceptions += 1

    def on_end(self) -> None:
        self.ends += 1


class _Body(httpx.SyncByteStream):
    """Pieces, and then perhaps the loss of the connection."""

    def __init__(self, pieces: list[bytes], loss: type[httpx.TransportError] | None) -> None:
        self.pieces, self.loss = pieces, loss

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces
        if self.loss is not None:
            raise self.loss("lost")


def any_answer(source: Source, codes: tuple[int, ...], first: int) -> httpx.Response:
    body, numbered = b"", source.rarely(2)
    for number in range(first, first + source.below(6)):
        name, data = any_event(source)
        body += (
            wire.event(name, data, id=str(number) if numbered else None)
            if not source.rarely(6)
            else source.one_of(_NOISE)
        )
    if source.rarely(2):
        body += wire.DONE
    if body and source.rarely(3):
        place = source.below(256) * len(body) // 256
        body = body[:place] + bytes([source.below(256)]) + body[place + source.below(4) :]
    cut = 1 + source.below(200)
    pieces = [body[at : at + cut] for at in range(0, len(body), cut)]
    loss = source.one_of((None, None, None, httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout))
    kind = source.one_of(_TYPES) if source.rarely(8) else _TYPES[0]
    headers = {"content-type": kind} | source.one_of(_HEADERS)
    headers |= {"assistream-resume": "/rest"} if numbered else {}
    code = source.one_of(codes)
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return httpx.Response(code, headers=encoded, stream=_Body(pieces, loss))


def check_client(data: bytes) -> None:
    """Answers to a streamed run and to what it leads to, until there are none left; then an error of the server."""
    source = Source(data)
    retries = source.below(2)  # with one, a stream that was lost is gone on with, if the server offers that
    codes = _CODES if retries else _CODES + _AGAIN

    def answer(request: httpx.Request) -> httpx.Response:
        last = request.headers.get("last-event-id", "0")
        if source.is_empty:
            return httpx.Response(404, json={"error": {"message": "no more"}})
        return any_answer(source, codes, int(last) % 1000 + source.below(3))

    handler, finished = Counting(), False
    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http,
        Client(base_url="http://127.0.0.1/v1", api_key="test", http_client=http, max_retries=retries) as client,
    ):
        try:
            with client.beta.threads.runs.stream("thread_1", assistant_id="asst_1", event_handler=handler) as stream:
                stream.until_done()
                stream.get_final_messages()
                finished = True
        except APIError as error:
            str(error)
    assert handler.ends == 1
    assert handler.exceptions == (0 if finished else 1)
