"""The page at ``/``: files, and headers that keep it to this engine. What it shows comes from the API below /v1."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .observing.exchange import exchange_of

INDEX = "index.html"
PREFIX = "/playground/"
"""Where the files beside `INDEX` are."""

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data: blob:",  # what models were shown and tools have drawn
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # No text can become markup or a script, whatever the page's own code does with it.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",  # with the tag, so that an engine's page is never that of an older one
}


class _File(NamedTuple):
    content: bytes
    type: str
    tag: str


class Playground:
    """Answers for the page, and leaves everything else to ``app``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = _file_at(scope["path"]) if scope["method"] in ("GET", "HEAD") else None
        if file is None:
            return await self.app(scope, receive, send)
        exchange_of(scope).route = "/" if scope["path"] == "/" else f"{PREFIX}{{file}}"
        return await _answer(Request(scope), file)(scope, receive, send)


def is_of_page(path: str) -> bool:
    """Whether it is for everybody, with or without a key: there is nothing of anybody in the page."""
    return _file_at(path) is not None


def _file_at(path: str) -> _File | None:
    return _files().get(INDEX if path == "/" else path.removeprefix(PREFIX) if path.startswith(PREFIX) else "")


@cache
def _files() -> dict[str, _File]:
    """All of them, by name, when the first is asked for: nothing but these names leads to a file."""
    found: dict[str, _File] = {}
    for file in (Path(__file__).parent / "pages" / "playground").iterdir():
        if type := _TYPES.get(file.suffix[1:]):
            content = file.read_bytes()
            found[file.name] = _File(content, type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
    return found


def _answer(request: Request, file: _File) -> Response:
    headers = {**HEADERS, "etag": file.tag}
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers={**headers, "content-type": file.type})
