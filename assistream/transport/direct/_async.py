from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from .._async import AsyncTransport
from .options import DirectOptions, direct

R = TypeVar("R")


class AsyncRequests:
    """For what a client has no method for: an extension of a server, a new endpoint.

    ::

        reply = await client.post("/threads/thread_1/fork", cast_to=Thread, body={"at": "msg_1"})

    Retries, errors, key and default headers are as in every other call.

    Args:
        path: Below `base_url`, such as "/threads".
        cast_to: What the answer is read as: a pydantic model, `dict`, `str`, `bytes`, `NoneType`, or
            `httpx.Response` for the answer as it is.
        body: Sent as JSON.
        options: `headers`, `params` (the query), `timeout`, `max_retries`, `extra_json`, `idempotency_key`.
    """

    _transport: AsyncTransport

    async def request(
        self, method: str, path: str, *, cast_to: type[R], body: object = None, options: DirectOptions | None = None
    ) -> R:
        """Make any request.

        Args:
            method: "GET", "POST" and so on.
            path: Below `base_url`, such as "/threads".
            cast_to: What the answer is read as: a model, `dict`, `str`, `bytes`, `NoneType` or `httpx.Response`.
            body: Sent as JSON.
            options: `headers`, `params` (the query), `timeout`, `max_retries`, `extra_json`, `idempotency_key`.
        """
        options = options or {}
        call = direct(method, path, cast_to, body, options)
        transport = self._transport
        if (retries := options.get("max_retries")) is not None:
            transport = transport.with_settings(replace(transport.settings, max_retries=retries))
        return (await transport.send(call)).parse()

    async def get(self, path: str, *, cast_to: type[R], options: DirectOptions | None = None) -> R:
        """GET a path; `cast_to` and `options` as in `request`."""
        return await self.request("GET", path, cast_to=cast_to, options=options)

    async def post(
        self, path: str, *, cast_to: type[R], body: object = None, options: DirectOptions | None = None
    ) -> R:
        """POST to a path; `cast_to`, `body` and `options` as in `request`."""
        return await self.request("POST", path, cast_to=cast_to, body=body, options=options)

    async def put(self, path: str, *, cast_to: type[R], body: object = None, options: DirectOptions | None = None) -> R:
        """PUT to a path; `cast_to`, `body` and `options` as in `request`."""
        return await self.request("PUT", path, cast_to=cast_to, body=body, options=options)

    async def patch(
        self, path: str, *, cast_to: type[R], body: object = None, options: DirectOptions | None = None
    ) -> R:
        """PATCH a path; `cast_to`, `body` and `options` as in `request`."""
        return await self.request("PATCH", path, cast_to=cast_to, body=body, options=options)

    async def delete(
        self, path: str, *, cast_to: type[R], body: object = None, options: DirectOptions | None = None
    ) -> R:
        """DELETE a path; `cast_to`, `body` and `options` as in `request`."""
        return await self.request("DELETE", path, cast_to=cast_to, body=body, options=options)
