"""What can go wrong with a model server, and what a run says about it. No I/O."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import httpx

from ..base import ErrorCode, ModelError
from .retries import may_pass, retry_after

MODEL_SERVER = "model server"
"""What a message calls who was asked, unless that is another server."""
_LONGEST = 500
"""Characters of a server's own words that are repeated."""

_RATE_LIMITS = ("rate_limit", "ratelimit", "too_many_requests", "insufficient_quota")
_BAD_PROMPTS = (
    "context_length",
    "context_size",
    "contextwindow",
    "invalid_prompt",
    "content_policy",
    "content_filter",
)


class Failure(Exception):
    """An attempt that failed. ``text`` is all that the server said, ``passing`` whether another may succeed."""

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode = "server_error",
        status: int | None = None,
        text: str = "",
        passing: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code: ErrorCode = code
        self.status: int | None = status
        self.text: str = text
        self.passing: bool = passing
        self.wait: float | None = wait

    def error(self, secret: str | None) -> ModelError:
        """For the run. Servers have repeated the key they were given: it is not for those who see runs."""
        return ModelError(self.code, self.message.replace(secret, "***") if secret else self.message)


def refused(status: int, headers: Mapping[str, str], body: bytes, now: float, server: str = MODEL_SERVER) -> Failure:
    """A response that is no answer."""
    text = body.decode("utf-8", "replace")
    error = _loaded(text)
    marks = _marks(error)
    said = _words(error) or ("" if text.lstrip().startswith("<") else text.strip()) or "and said no more"
    return Failure(
        f"The {server} answered with status {status}: {said[:_LONGEST]}{_HINTS.get(status, '')}",
        code=_code(status, marks),
        status=status,
        text=text,
        passing=may_pass(status) and not _is_lasting(marks),
        wait=retry_after(headers, now),
    )


_HINTS = {
    401: " (is the api_key right?)",
    404: " (does base_url end where it should, mostly in /v1?)",
}


def told(payload: Mapping[str, Any]) -> Failure | None:
    """The error in one object of an answer, if it is one: servers find out late that they cannot go on."""
    error = payload.get("error")
    if not error and payload.get("object") != "error":
        return None
    error = error or payload
    marks = _marks(error)
    status = next((int(mark) for mark in marks if mark.isdecimal() and len(mark) == 3), None)
    code = _code(status, marks)
    passing = (may_pass(status) or code == "rate_limit_exceeded") and not _is_lasting(marks)
    said = _words(error) or json.dumps(error)
    return Failure(
        f"The model server failed: {said[:_LONGEST]}",
        code=code,
        status=status,
        text=json.dumps(error),
        passing=passing,
    )


def unreachable(error: httpx.HTTPError, place: str, timeout: float, server: str = MODEL_SERVER) -> Failure:
    """No answer at all, or not to its end."""
    match error:
        case httpx.ReadTimeout():
            return Failure(f"The {server} at {place} has sent nothing for {timeout:g} seconds.")
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError():
            reason = str(error) or type(error).__name__
            return Failure(f"The {server} at {place} cannot be reached: {reason}.", passing=True)
        case _:
            reason = str(error).rstrip(".") or type(error).__name__
            return Failure(f"The connection to the {server} at {place} was lost: {reason}.", passing=True)


def _code(status: int | None, marks: list[str]) -> ErrorCode:
    if status == 429 or _any(marks, _RATE_LIMITS):
        return "rate_limit_exceeded"
    return "invalid_prompt" if _any(marks, _BAD_PROMPTS) else "server_error"


def _is_lasting(marks: list[str]) -> bool:
    return _any(marks, ("insufficient_quota",))


def _any(marks: list[str], parts: tuple[str, ...]) -> bool:
    return any(part in mark for part in parts for mark in marks)


def _marks(error: object) -> list[str]:
    """What an error says for programs: its code and type, in small letters."""
    found = _inner(error)
    return [str(found[key]).lower() for key in ("code", "type") if found.get(key) is not None]


def _words(error: object) -> str:
    """What an error says for people, wherever in it that is."""
    for candidate in _candidates(error):
        if isinstance(candidate, str) and candidate.strip():
            return candidate.strip()
        if candidate and not isinstance(candidate, str):
            return json.dumps(candidate)
    return ""


def _candidates(error: object) -> Iterator[object]:
    if isinstance(error, str):
        yield error
    found = _inner(error)
    yield from (found.get(key) for key in ("message", "detail", "error"))


def _inner(error: object) -> dict[str, Any]:
    """The object that says it: some servers wrap it in a list, most in an object's ``error``."""
    if isinstance(error, list) and error:
        return _inner(cast("list[object]", error)[0])
    if not isinstance(error, dict):
        return {}
    found = cast("dict[str, Any]", error)
    return _inner(found["error"]) if isinstance(found.get("error"), dict) else found


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
