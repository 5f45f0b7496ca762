# Written by scripts/unasync.py from _async.py; edit that file instead.
"""Performs calls: over the network, in one colour."""

from __future__ import annotations

import copy
import logging
import random
import socket
import time
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from typing import Any, TypeVar, cast

import httpx

from ..errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    StreamUsageError,
)
from . import retry
from .call import Call
from .concurrency import (
    answered,
    finish,
    in_parallel,
    key_to_send,
    shielded,
    sleep,
)
from .connections import Connections, connect
from .flows import Flow, Sleep, Step, Together, Told
from .logs import log, safe
from .receiving import bound, unbind
from .response import RawResponse
from .settings import Settings, check_key
from .uploads import opened, rewindable
from .wire import (
    Server,
    answer_error,
    build_request,
    connection_error,
    failure,
    identified,
    readable,
    redirected,
    undecodable,
)

T = TypeVar("T")

CLOSING = 2.0
"""How long closing a connection may hold off cancellation, in seconds."""

BROKEN = (httpx.RequestError, httpx.StreamError)
"""What httpx raises for a body that cannot be read: on the way, or after it was closed."""


WAS_READ = "The body was read already, and nothing has kept it: read() or parse() it first, then iterate over that."
WAS_CLOSED = "The answer is closed: read it before the end of its `with`."


class Transport:
    """Performs calls and flows over an `httpx.Client`: its own, or one it is given and then closes too."""

    def __init__(self, settings: Settings, http: httpx.Client | None = None) -> None:
        self.settings: Settings = settings
        self.server: Server = Server()
        self.connections: Connections[httpx.Client] = Connections(httpx.Client, connect, http)

    @property
    def http(self) -> httpx.Client:
        """What requests are sent with now."""
        return self.connections.to(self.settings.base_url)

    def use(self, settings: Settings) -> None:
        """Go by other settings from the next request on."""
        if settings.base_url != self.settings.base_url:
            self.server = Server()
        self.settings = settings

    def with_settings(self, settings: Settings) -> Transport:
        """Another transport over the same connections."""
        other = copy.copy(self)
        other.use(settings)
        return other

    def close(self) -> None:
        for http in self.connections.close():
            http.close()

    def send(self, call: Call[T]) -> RawResponse[T]:
        """The whole answer; tried again where that is safe.

        Raises:
            APIStatusError: An answer that is no success.
            APIConnectionError: No answer, or not all of it.
            APIResponseValidationError: An answer that is not compressed as it claims to be.
            UsageError: The client is closed.
        """
        response, retries = self._deliver(call, stream=False)
        return RawResponse(response, call, retries_taken=retries)

    def open(self, call: Call[Any]) -> Body:
        """An answer whose body is still to come. Raises as `send` does; the caller closes what it gets."""
        response, retries = self._deliver(call, stream=True)
        body = Body(response, retries_taken=retries, fast=self.settings.transport == "fast")
        self.connections.open.add(body)
        return body

    def run(self, flow: Flow[T]) -> T:
        """Drive a flow: do each step, send what came of it back in."""
        result: object = None
        with closing(flow):
            while True:
                try:
                    step = flow.send(result)
                except StopIteration as stop:
                    done: T = stop.value
                    return done
                result = self._do(step)

    def _do(self, step: Step) -> object:
        match step:
            case Call():
                return self.send(step)
            case Together():
                return in_parallel(self._perform, step.calls, step.at_once)
            case Told():
                return answered(step.returned)
            case Sleep():
                sleep(step.seconds)
                return None

    def _perform(self, call: Call[Any]) -> object:
        return (self.send(call)).parse()

    def _deliver(self, call: Call[Any], *, stream: bool) -> tuple[httpx.Response, int]:
        call = identified(call)
        self.server.answers += call.answers
        retries = 0
        while True:
            answer = self._attempt(call, stream=stream)
            if isinstance(answer, httpx.Response):
                return answer, retries
            failed = failure(answer)
            repeatable = call.repeatable or self.server.idempotent
            enough = retries >= self.settings.max_retries or not rewindable(call.files)
            if enough or not retry.may_repeat(failed, repeatable=repeatable):
                raise answer
            delay = retry.delay(failed, retries, now=time.time(), jitter=random.random())
            retries += 1
            log.info("%s %s: retry %d in %.2f s", call.method, call.path, retries, delay)
            sleep(delay)

    def _attempt(self, call: Call[Any], *, stream: bool) -> httpx.Response | APIError:
        """An answer that says yes, or the error to raise."""
        key = key_to_send(self.settings.api_key)
        check_key(key)
        with opened(call.files) if call.files else nullcontext() as files:
            return self._exchange(call, build_request(self.http, self.settings, call, key, files), stream=stream)

    def _exchange(self, call: Call[Any], request: httpx.Request, *, stream: bool) -> httpx.Response | APIError:
        if log.isEnabledFor(logging.DEBUG):  # headers made fit to be seen take longer than making the request
            log.debug("%s %s %s", call.method, call.path, safe(request.headers))
        http, server, started = self.http, self.server, time.perf_counter()
        try:
            response = http.send(request, stream=True, follow_redirects=False)
            while (following := redirected(http, response)) is not None:
                received(response)
                request, before = following, response
                response = http.send(request, stream=True, follow_redirects=False, auth=None)
                response.history = [*before.history, before]
            readable(response)
            if not (stream and response.is_success):
                received(response)
        except httpx.RequestError as exc:
            log.info("%s %s: %s", call.method, call.path, type(exc).__name__)
            return connection_error(exc, request)
        except APIError as error:
            return error
        took = (time.perf_counter() - started) * 1000
        log.info("%s %s: %d in %.0f ms", call.method, call.path, response.status_code, took)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s %s: %s", call.method, call.path, safe(response.headers))
        if not response.history:
            server.learn(response.headers)
        return response if response.is_success else answer_error(response)


def received(response: httpx.Response) -> bytes:
    """The whole body, which the response keeps from then on; if it cannot be had, its connection is let go."""
    try:
        return response.read()
    except httpx.DecodingError as exc:
        raise undecodable(response, exc) from exc
    finally:
        if not response.is_closed:
            with shielded(CLOSING):
                response.close()


def pieces(response: httpx.Response, *, fast: bool) -> Iterator[bytes]:
    """The body of an answer, decoded, as it comes."""
    if response.headers.get("content-type", "").startswith("text/event-stream"):
        bound(response.extensions.get("network_stream"))
    if fast:
        from .fast._sync import Content  # with it come httpcore and h11, which httpx loads when it connects

        content = Content.of(response)
        if content is not None:
            response.is_stream_consumed = True
            return content
    if "content-encoding" in response.headers or response.is_stream_consumed:
        return response.iter_bytes()
    # What is not compressed need not go through the two generators that httpx has for what is.
    response.is_stream_consumed = True
    chunks: Iterator[bytes] = cast(Any, response.stream).__iter__()
    return chunks


class Body:
    """A streamed answer, as the layers above see it: chunks of bytes, our errors, a close that always works."""

    def __init__(self, response: httpx.Response, *, retries_taken: int = 0, fast: bool = False) -> None:
        self.response: httpx.Response = response
        self.retries_taken: int = retries_taken
        self.content: bytes | None = None
        self.interrupted: bool = False
        """Somebody has cut it off on purpose, so that what is missing is not missed."""
        self.content_type: str = response.headers.get("content-type", "")
        self._fast = fast
        self._chunks: Iterator[bytes] | None = None
        self._begun = self._reading = self._closed = False
        self._ended = False  # read to the end, and let go of

    def begin(self) -> None:
        """Before the first of what is read once only; a StreamUsageError for whoever is too late."""
        if self._begun:
            raise StreamUsageError(WAS_READ)
        if self._closed:
            raise StreamUsageError(WAS_CLOSED)
        self._begun = True

    def read(self) -> bytes:
        """The next chunk, decoded; ``b""`` at the end, after `close`, and never before.

        Raises:
            APITimeoutError: Nothing came for as long as the timeout allows.
            APIConnectionError: The connection was lost.
            APIResponseValidationError: What came is not compressed as it claims to be.
        """
        if self._closed:
            return b""
        self._begun = self._reading = True
        try:
            if self._chunks is None:
                self._chunks = pieces(self.response, fast=self._fast)
            for chunk in self._chunks:
                if chunk:
                    return chunk
            self._let_go()
            self._ended = True
            return b""
        except httpx.DecodingError as exc:
            raise undecodable(self.response, exc) from exc
        except BROKEN as exc:
            if self._closed:
                return b""
            raise connection_error(exc, self.response.request) from exc
        finally:
            self._reading = False
            if self._closed:
                self._release()

    def whole(self) -> bytes:
        """All of it, if reading has not begun; it is kept as `content`."""
        if self.content is None:
            self.begin()
            try:
                self.content = received(self.response)
            except BROKEN as exc:
                raise connection_error(exc, self.response.request) from exc
        return self.content

    def text(self, limit: int) -> str:
        """What the body says, for an error message: at most `limit` bytes of it, as far as it can be read."""
        seen = bytearray()
        with suppress(APIConnectionError, APIResponseValidationError):
            while len(seen) < limit and (chunk := self.read()):
                seen += chunk
        return bytes(seen[:limit]).decode(self.response.encoding or "utf-8", "replace")

    def close(self) -> None:
        """Give the connection back, or close it if the body is not at its end. Once; also in a cancelled scope."""
        if self._closed:
            return
        self._closed = True
        if self._reading:
            self.interrupt()  # whoever reads lets go of it
        else:
            self._release()

    def _release(self) -> None:
        if self._ended:
            return
        with shielded(CLOSING):
            with suppress(*BROKEN):
                if self._chunks is not None:
                    finish(self._chunks)
            self._let_go()

    def _let_go(self) -> None:
        unbind(self.response.extensions.get("network_stream"))
        self.response.close()

    @property
    def is_interruptible(self) -> bool:
        """Whether there is a connection that `interrupt` can shut down."""
        return "network_stream" in self.response.extensions

    def interrupt(self) -> None:
        """Shut the connection down, from any thread: whoever reads gets an end or an error at once."""
        self.interrupted = True
        stream = self.response.extensions.get("network_stream")
        connection = stream.get_extra_info("socket") if stream and not self.response.is_closed else None
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
