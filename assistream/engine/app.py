"""The HTTP side: a table of routes, and what is the same for all of them."""

from __future__ import annotations

import hmac
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import Refused
from .store import to_json
from .views import assistants, messages, runs, steps, threads
from .views.call import Call, Services

_log = logging.getLogger("assistream.engine")

View: TypeAlias = Callable[[Call], Awaitable[Response]]

ROUTES: Mapping[str, Mapping[str, View]] = {
    "/assistants": {"GET": assistants.all, "POST": assistants.create},
    "/assistants/{assistant_id}": {
        "GET": assistants.retrieve,
        "POST": assistants.update,
        "DELETE": assistants.delete,
    },
    "/threads": {"POST": threads.create},
    "/threads/runs": {"POST": runs.create_with_thread},
    "/threads/{thread_id}": {"GET": threads.retrieve, "POST": threads.update, "DELETE": threads.delete},
    "/threads/{thread_id}/messages": {"GET": messages.all, "POST": messages.create},
    "/threads/{thread_id}/messages/{message_id}": {"GET": messages.retrieve},
    "/threads/{thread_id}/runs": {"GET": runs.all, "POST": runs.create},
    "/threads/{thread_id}/runs/{run_id}": {"GET": runs.retrieve},
    "/threads/{thread_id}/runs/{run_id}/cancel": {"POST": runs.cancel},
    "/threads/{thread_id}/runs/{run_id}/submit_tool_outputs": {"POST": runs.submit_tool_outputs},
    "/threads/{thread_id}/runs/{run_id}/steps": {"GET": steps.all},
    "/threads/{thread_id}/runs/{run_id}/steps/{step_id}": {"GET": steps.retrieve},
}
VERSIONS = frozenset({"assistants=v1", "assistants=v2"})


def create_app(services: Services, api_key: str | None = None) -> ASGIApp:
    app = Starlette(
        routes=[
            Route(f"/v1{path}", partial(_dispatch, services, views), methods=list(views))
            for path, views in ROUTES.items()
        ],
        exception_handlers={Refused: _refused, HTTPException: _misdirected},
    )
    app.router.redirect_slashes = False
    # Around the whole application, and not as its middleware, which an answer to a bug does not pass.
    return Envelope(Keys(app, api_key))


async def _dispatch(services: Services, views: Mapping[str, View], request: Request) -> Response:
    asked = {one.strip() for one in request.headers.get("openai-beta", "").split(",")}
    if not asked & VERSIONS:
        raise Refused("no_beta")
    # A HEAD is a GET whose body is not sent.
    view = views.get(request.method) or views["GET"]
    try:
        return await view(Call(request, services))
    except (Refused, HTTPException):
        raise
    except ClientDisconnect:
        return _answer(Refused("bad_json"))  # in the middle of its body: there is nobody to read this
    except Exception:
        # Here and not in a handler: starlette raises again what it answers for those, and the connection is lost.
        _log.exception("%s %s failed", request.method, request.url.path)
        return _answer(Refused("server_error"))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _answer(error)


async def _misdirected(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    where = {"method": request.method, "path": request.url.path}
    refusal = Refused("no_method" if error.status_code == 405 else "no_path", **where)
    return _answer(refusal, error.headers)


def _answer(error: Refused, headers: Mapping[str, str] | None = None) -> Response:
    return Response(to_json(error.body), error.status, headers, media_type="application/json")


class Envelope:
    """The headers every answer carries."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = f"req_{uuid.uuid4().hex}"
                headers["openai-version"] = "2020-10-01"
                headers["openai-processing-ms"] = str(round((time.perf_counter() - began) * 1000))
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Keys:
    """Lets in who has the key; everybody if there is none."""

    def __init__(self, app: ASGIApp, api_key: str | None) -> None:
        self.app = app
        self._expected = None if api_key is None else f"Bearer {api_key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("authorization", "")
        if self._expected is None or hmac.compare_digest(given.encode("latin-1"), self._expected):
            return await self.app(scope, receive, send)
        refusal = Refused("bad_key", key=_masked(given.removeprefix("Bearer ")))
        return await _answer(refusal)(scope, receive, send)


def _masked(key: str) -> str:
    """Enough of a key to recognise one's own, and too little to use it."""
    return f"{key[:3]}***{key[-4:]}" if len(key) > 12 else "***" if key else ""
