"""How a model server is asked, over httpx."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

import anyio
import httpx
from anyio.lowlevel import RunVar

from .failures import MODEL_SERVER, refused, unreachable
from .names import listed
from .options import Options
from .payloads import LARGEST, Payload, Payloads

CONNECTING = 10.0
"""Seconds a connection, and a list of models, may take."""
REST = 0.2
"""Seconds for the few bytes after the end mark: a connection whose answer was read to its end can be used again."""
_LARGEST_REFUSAL = 64 * 1024
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20)


class Connection:
    """Connections to one server, of each event loop its own. Failures call it `server`."""

    def __init__(self, options: Options, server: str = MODEL_SERVER) -> None:
        self._options, self._server = options, server
        self._clients = RunVar[httpx.AsyncClient | None]("chat completions", None)

    async def ask(self, body: dict[str, Any], payloads: list[Payloads]) -> AsyncGenerator[Payload]:
        """The objects of the answer as they come; ``payloads`` gets what knows whether that was all.

        Raises `Failure`. Cancelled or closed, it closes the connection: the server notices that nobody listens.
        """
        try:
            url, content = self._options.url("chat/completions"), json.dumps(body).encode()
            async with self._client().stream("POST", url, content=content) as response:
                if not response.is_success:
                    said = await _limited(response, _LARGEST_REFUSAL)
                    raise refused(response.status_code, response.headers, said, time.time())
                found = Payloads(response.headers.get("content-type", ""))
                payloads.append(found)
                async with aclosing(_read(response, found)) as read:
                    async for payload in read:
                        yield payload
        except httpx.HTTPError as error:
            raise unreachable(error, self._options.place, self._options.timeout) from error

    async def models(self) -> list[str]:
        """What the server says it has, perhaps nothing. Raises `Failure`."""
        try:
            async with self._client().stream("GET", self._options.url("models"), timeout=CONNECTING) as response:
                body = await _limited(response, LARGEST)
        except httpx.HTTPError as error:
            raise unreachable(error, self._options.place, CONNECTING) from error
        if not response.is_success:
            raise refused(response.status_code, response.headers, body, time.time())
        try:
            return listed(json.loads(body))
        except (ValueError, RecursionError):
            return []

    async def whole(self, path: str, body: dict[str, Any], limit: int) -> bytes:
        """An answer that does not come piece by piece. Raises `Failure`."""
        url, content = self._options.url(path), json.dumps(body).encode()
        try:
            async with self._client().stream("POST", url, content=content) as response:
                said = await _limited(response, limit)
        except httpx.HTTPError as error:
            raise unreachable(error, self._options.place, self._options.timeout, self._server) from error
        if not response.is_success:
            raise refused(response.status_code, response.headers, said, time.time(), self._server)
        return said

    async def aclose(self) -> None:
        """Close this event loop's connections; they are made anew if somebody asks again."""
        client = self._clients.get()
        self._clients.set(None)
        if client:
            await client.aclose()

    def _client(self) -> httpx.AsyncClient:
        client = self._clients.get()
        if client is None:
            client = _connected(self._options)
            self._clients.set(client)
        return client


def _connected(options: Options) -> httpx.AsyncClient:
    headers = {"content-type": "application/json", "accept-encoding": "identity"}
    if options.api_key:
        headers["authorization"] = f"Bearer {options.api_key}"
    given = {name.lower(): value for name, value in options.headers.items()}
    return httpx.AsyncClient(
        headers=headers | given,
        timeout=httpx.Timeout(options.timeout, connect=CONNECTING, pool=None),
        limits=_LIMITS,
        trust_env=not options.is_local,  # a proxy could not reach this machine's own servers
        verify=options.base_url.lower().startswith("https:"),  # loading certificates takes time
    )


@asynccontextmanager
async def _reading(response: httpx.Response) -> AsyncGenerator[AsyncIterator[bytes]]:
    """The chunks of a body, which need not be read to its end."""
    chunks = response.aiter_bytes()
    try:
        yield chunks
    finally:
        # It is several async generators, each inside the next: a read that is cancelled at once ends them all, and
        # closes the connection. Left to the garbage collector they would be late, and on trio a leak.
        with anyio.CancelScope(shield=True) as scope, suppress(httpx.HTTPError):
            scope.cancel()
            async for _ in chunks:
                pass


async def _read(response: httpx.Response, payloads: Payloads) -> AsyncGenerator[Payload]:
    async with _reading(response) as chunks:
        async for chunk in chunks:
            for payload in payloads.feed(chunk):
                yield payload
            if payloads.done:
                with anyio.move_on_after(REST):
                    async for _ in chunks:
                        pass
                return
    for payload in payloads.end():
        yield payload


async def _limited(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    async with _reading(response) as chunks:
        async for chunk in chunks:
            body += chunk
            if len(body) > limit:
                break
    return bytes(body[:limit])
