"""A REST call as a value: what to send and how to read the answer. No I/O here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from inspect import iscoroutinefunction
from typing import Any, Generic, Literal, TypeAlias, TypeVar, cast
from urllib.parse import quote

from pydantic import BaseModel, TypeAdapter

from ..types.base import NOT_GIVEN, NotGiven, Omit
from ..types.params import RequestOptions

T = TypeVar("T")

Version: TypeAlias = Literal["client", "v1", "v2"] | None
"""Which version of the Assistants API a call is for: the client's, one of its own, or none."""

OPTIONS = tuple(RequestOptions.__annotations__)
"""The parameters of every call that are about the request itself."""


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request to make. `get`, `post` and `delete` make one from an operation's parameters."""

    method: str
    path: str
    returns: type[T]
    body: Mapping[str, object] | None = None
    query: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Mapping[str, object] = field(default_factory=dict[str, object])
    extra_headers: Mapping[str, object] = field(default_factory=dict[str, object])
    timeout: Any = NOT_GIVEN
    files: Mapping[str, object] = field(default_factory=dict[str, object])
    """What is uploaded, by the names of form fields: with any, the body is a form."""
    version: Version = None
    received: Callable[[T], None] | None = None
    """Told of the result before anybody sees it."""
    answers: bool = False
    """Whether it gives a run the outputs that it waits for."""

    @property
    def repeatable(self) -> bool:
        """Whether doing it twice is the same as doing it once, whatever the server."""
        return self.method != "POST"

    @property
    def validator(self) -> TypeAdapter[T]:
        return _validator(self.returns)

    def unstreamed(self, stream: object) -> Call[T]:
        """The same call, answered by one object; a program that asks for this by `stream=False` is quoted."""
        return replace(self, body={**(self.body or {}), "stream": False}) if stream is False else self

    def streamed(self) -> Call[T]:
        """The same call, answered by a stream of events."""
        body = {**(self.body or {}), "stream": True}
        # A proxy that compresses holds events back until a block is full. Errors are JSON.
        accepted = "text/event-stream, application/json;q=0.5"
        headers = {**self.headers, "Accept": accepted, "Accept-Encoding": "identity"}
        return replace(self, body=body, headers=headers)


def _validator(returns: type[T]) -> TypeAdapter[T]:
    validator = _validators.get(returns)
    if validator is None:
        validator = _validators[returns] = TypeAdapter(returns)
    return validator


_validators: dict[type, TypeAdapter[Any]] = {}


def get(path: str, returns: type[T], params: Mapping[str, object], *, version: Version = "client") -> Call[T]:
    return _call("GET", path, returns, params, version, query=_given(params))


def post(
    path: str,
    returns: type[T],
    params: Mapping[str, object],
    *,
    empty: bool = False,
    in_query: Iterable[str] = (),
    files: Iterable[str] = (),
    version: Version = "client",
) -> Call[T]:
    """A POST of the parameters, but for those `in_query`; an `empty` one has no body at all, `files` are uploaded."""
    uploads = {name: _file(name, params[name]) for name in files}
    body = _given({name: value for name, value in params.items() if name not in uploads})
    query = {name: body.pop(name) for name in in_query if name in body}
    call = _call("POST", path, returns, params, version, query=query, body=None if empty else body)
    return replace(call, files=uploads) if uploads else call


def delete(path: str, returns: type[T], params: Mapping[str, object], *, version: Version = "client") -> Call[T]:
    return _call("DELETE", path, returns, params, version)


def _file(name: str, value: object) -> object:
    parts = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (None, value)
    content: Any = parts[1] if 2 <= len(parts) <= 4 else parts
    awaited = iscoroutinefunction(getattr(content, "read", None))
    if not isinstance(content, bytes | os.PathLike) and (awaited or not hasattr(content, "read")):
        raise TypeError(
            f"`{name}` must be bytes, a pathlib.Path, a file opened in binary mode, or a tuple of a name and one of "
            f"these (then perhaps a content type and headers), not {_described(content)}"
        )
    return value  # pyright: ignore[reportUnknownVariableType]  # a tuple of whatever it is


def _described(value: object) -> str:
    if isinstance(value, tuple):
        return f"a tuple of {len(cast('tuple[object, ...]', value))}"
    return type(value).__name__ + (", which has to be awaited" if hasattr(value, "read") else "")


def _call(
    method: str,
    path: str,
    returns: type[T],
    params: Mapping[str, Any],
    version: Version,
    *,
    query: Mapping[str, object] | None = None,
    body: Mapping[str, object] | None = None,
) -> Call[T]:
    extra_body = params.get("extra_body") if method != "GET" else None  # what a body of a GET says is nowhere defined
    return Call(
        method,
        path,
        returns,
        body={**(body or {}), **extra_body} if extra_body else body,
        query={**(query or {}), **(params.get("extra_query") or {})},
        extra_headers=params.get("extra_headers") or {},
        timeout=params.get("timeout", NOT_GIVEN),
        version=version,
    )


def _given(params: Mapping[str, object]) -> dict[str, object]:
    """What goes over the wire: without options and parameters left out, with models as plain data."""
    return {name: plain(value) for name, value in params.items() if name not in OPTIONS and not absent(value)}


def absent(value: object) -> bool:
    return isinstance(value, NotGiven | Omit)


def plain(value: object) -> object:
    """`value` as JSON can hold it: models dumped, iterables listed, what was left out dropped at every depth."""
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {name: plain(item) for name, item in items if not absent(item)}
    if isinstance(value, Iterable):
        return [plain(item) for item in cast("Iterable[object]", value) if not absent(item)]
    return value


def path(template: str, **ids: object) -> str:
    """Fill `{name}` in a path; an id that could not be a segment of it is a ValueError, before any request."""
    return template.format_map({name: _segment(name, value) for name, value in ids.items()})


def _segment(name: str, value: object) -> str:
    if value is None or value == "":
        raise ValueError(f"Expected a non-empty value for `{name}` but received {value!r}")
    # "." and ".." would be read as steps in the path by whatever is on the way to the server.
    if not isinstance(value, str) or value in {".", ".."}:
        raise ValueError(f"`{name}` must be the id of an object, not {value!r}")
    return quote(value, safe="")


def query_pairs(query: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Names and values of a query string: ``a[]=1&a[]=2`` for a list, ``a[b]=1`` for a mapping."""
    return tuple(pair for name, value in query.items() if not absent(value) for pair in _pairs(name, plain(value)))


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield from _pairs(f"{name}[{key}]", item)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _pairs(f"{name}[]", item)
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, "" if value is None else str(value)
