"""The HTTP side: what is the same for all routes."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .beside import WITHOUT_KEY, beside
from .errors import Refused
from .keyring import Keyring, credential
from .observing.exchange import EXCHANGE, Exchange, exchange_of
from .observing.observer import Observer
from .playground import Playground, is_of_page
from .projects import DEFAULT, acting_for
from .routes import ADMINISTRATION, ONLY, ROUTES, VERSIONS, WITHOUT_VERSION, View
from .tables import to_json
from .versions import Version
from .views.call import Call, Services
from .views.once import once

_log = logging.getLogger("assistream.engine")

RETRY_AFTER = 1
"""Seconds after which a client may come again when there was no room for it."""

_AUTHORITY = re.compile(r"[^\s@/?#\\]+")


def create_app(services: Services, keyring: Keyring, *, playground: bool = True) -> ASGIApp:
    """With keys, it is for whoever has one of them; without, for programs on this machine.

    The page of the playground needs no key, which it asks for: there is nothing in it.
    """
    app = Starlette(
        routes=[
            *(Route(f"/v1{path}", _Endpoint(services, views, f"/v1{path}")) for path, views in ROUTES.items()),
            *(Route(path, view) for path, view in beside(services).items()),
            *(Route(path, Administrators(_Endpoint(services, views, path))) for path, views in ADMINISTRATION.items()),
            Route("/openapi.json", partial(_described, keyring)),
        ],
        exception_handlers={Refused: _refused, HTTPException: _misdirected},
    )
    app.router.redirect_slashes = False
    # Around the whole application, and not as its middleware, which an answer to a bug does not pass.
    page = Playground(app) if playground else app
    return Envelope(Keys(page, keyring), services.watch.observer)


class _Endpoint:
    """What is at one path. It answers every method: starlette would look for another path for those it has no view
    for, and take the `runs` of ``/threads/runs`` for an id.
    """

    def __init__(self, services: Services, views: Mapping[str, View], path: str) -> None:
        self._path = path
        # A HEAD is a GET whose body is not sent.
        self._services, self._views = services, {"HEAD": views["GET"], **views} if "GET" in views else views

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(scope)
        exchange.route, exchange.run_id = self._path, scope["path_params"].get("run_id", "")
        response = await self._answer(Request(scope, receive, send))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        view = self._views.get(request.method)
        if view is None:
            raise HTTPException(405, headers={"allow": ", ".join(self._views)})
        try:
            return await once(Call(request, self._services, _version(request, view)), view)
        except ClientDisconnect:
            return _answer(Refused("bad_json"))  # in the middle of its body: there is nobody to read this
        except (Refused, HTTPException):
            raise
        except Exception:  # whatever a bug raises: the client is answered, and other requests go on
            # Here and not in a handler: starlette raises again what it answers for those, and the connection is lost.
            _log.exception("%s %s failed", request.method, request.url.path)
            return _answer(Refused("server_error"))


async def _described(keyring: Keyring, request: Request) -> Response:
    """What all of this is, for machines; ``?version=v1`` as the first version has it."""
    # Here, because few ask for it, and its types would take most of the time in which an engine starts.
    from .openapi import document

    version = request.query_params.get("version", "v2")
    if version not in ("v1", "v2"):
        raise Refused("value", param="version", got=version, expected="'v1' and 'v2'")
    return Response(to_json(document(version, keys=keyring.demands)), media_type="application/json")


def _version(request: Request, view: View) -> Version:
    asked = {one.strip() for one in request.headers.get("openai-beta", "").split(",")}
    version: Version | None = next((version for name, version in VERSIONS.items() if name in asked), None)
    if version is None and view in WITHOUT_VERSION:
        return "v2"
    if version is None:
        raise Refused("no_beta")
    if ONLY.get(view, version) != version:
        raise Refused("no_path", method=request.method, path=request.url.path)
    return version


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _answer(error)


async def _misdirected(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    where = {"method": request.method, "path": request.url.path}
    refusal = Refused("no_method" if error.status_code == 405 else "no_path", **where)
    return _answer(refusal, error.headers)


def _answer(error: Refused, headers: Mapping[str, str] | None = None) -> Response:
    if error.status in (429, 503):
        headers = {"retry-after": str(RETRY_AFTER), **(headers or {})}
    return Response(to_json(error.body), error.status, headers, media_type="application/json")


class Envelope:
    """The headers every answer carries; and observers are told of it."""

    def __init__(self, app: ASGIApp, observer: Observer) -> None:
        self.app: ASGIApp = app
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(scope)
        EXCHANGE.set(exchange)
        self._observer.request_began(exchange)
        try:
            await self.app(scope, receive, self._with_headers(exchange, send))
        finally:
            exchange.route = exchange.route or getattr(scope.get("route"), "path", "")
            exchange.end()
            self._observer.request_over(exchange)

    def _with_headers(self, exchange: Exchange, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.answer(message["status"])
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = exchange.id
                headers["openai-version"] = "2020-10-01"
                headers["assistream-idempotency"] = "1"
                headers["openai-processing-ms"] = str(round(exchange.processing * 1000))
            await send(message)

        return send_with_headers


class Keys:
    """Lets in who has one of the keys, to see what is their project's; without keys, whoever is `Local`."""

    def __init__(self, app: ASGIApp, keyring: Keyring) -> None:
        self.app: ASGIApp = app
        self._keyring = keyring
        self._open = Local(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._keyring.demands and (scope["path"] in WITHOUT_KEY or is_of_page(scope["path"])):
            await self.app(scope, receive, send)
        else:
            await self._admit(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("authorization", "")
        with acting_for(None):  # a connection's next request may come with what the last one left behind
            await self._keyring.look()
            bearer = await self._keyring.admit(credential(given) or "") if self._keyring.demands else None
        app: ASGIApp = self.app
        scope.setdefault("state", {})["administers"] = bearer is None or bearer.key is None
        if not self._keyring.demands:
            app = self._open
        elif bearer is None:
            app = _answer(Refused("bad_key", key=_masked(credential(given) or given)) if given else Refused("no_key"))
        else:
            exchange_of(scope).key = bearer.name
        with acting_for(bearer.project if bearer else DEFAULT):
            await app(scope, receive, send)


class Administrators:
    """Lets in who runs the engine, with a key that it was given, or without if none is demanded, to see everything.

    A key in its database is for a project.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope.get("state", {}).get("administers"):
            raise Refused("not_administrator")
        with acting_for(None):
            await self.app(scope, receive, send)


class Local:
    """Lets in programs on this machine, which need no key, and not what a page in a browser makes the browser send.

    Such a page knows no key either. It comes from a name on the internet that resolves to this machine (its requests
    have that name as their host), or from elsewhere with a request that a browser sends without asking (its origin).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not is_here(f"//{host}"):
            app: ASGIApp = _answer(Refused("not_local", got=f"the host {host[:100]!r}"))
        elif origin is not None and not is_here(origin):
            app = _answer(Refused("not_local", got=f"pages of {origin[:100]!r}"))
        else:
            app = self.app
        await app(scope, receive, send)


def is_here(address: str) -> bool:
    """Whether the address is one of this machine alone, by what it says. No name but localhost does.

    It must be no more than that: programs do not agree on what `localhost/@evil.example` is.
    """
    try:
        name = urlsplit(address).hostname or ""
        if not _AUTHORITY.fullmatch(address.partition("//")[2]):
            return False
        return name == "localhost" or name.endswith(".localhost") or ip_address(name).is_loopback
    except ValueError:
        return False


def _masked(key: str) -> str:
    """Enough of a key to recognise one's own, and too little to use it."""
    return f"{key[:3]}***{key[-4:]}" if len(key) > 12 else "***" if key else ""
