"""A request that no method is for, as a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, TypeVar, cast

from ...types.base import NOT_GIVEN, Omit, Omittable
from ..call import Call, plain
from ..settings import TimeoutOption

R = TypeVar("R")


class DirectOptions(TypedDict, total=False):
    """What goes with a request besides its body, under the names that the reference client has for it."""

    headers: Mapping[str, str | Omit]
    """Sent with this request; they win over the client's own."""
    params: Mapping[str, object]
    """The query."""
    timeout: Omittable[TimeoutOption]
    """Instead of the client's."""
    max_retries: int
    """Instead of the client's."""
    extra_json: Mapping[str, object]
    """Added to the body, if that is an object or there is none."""
    idempotency_key: str
    """By which a server may know a request again."""


def direct(method: str, path: str, cast_to: type[R], body: object, options: DirectOptions) -> Call[R]:
    """The call for it; like all others it is for the client's version of the API."""
    unknown = options.keys() - DirectOptions.__annotations__
    if unknown:
        raise TypeError(f"unknown options {sorted(unknown)}; there are {', '.join(DirectOptions.__annotations__)}")
    if "://" in path:
        raise ValueError(f"Expected a path below base_url, but received the address {path!r}")
    sent: Any = plain(body)
    if extra := options.get("extra_json"):
        sent = {**cast("dict[str, object]", sent or {}), **extra}
    key = options.get("idempotency_key")
    return Call(
        method.upper(),
        f"/{path.lstrip('/')}",
        cast_to,
        body=sent,
        query=options.get("params", {}),
        extra_headers={**({"Idempotency-Key": key} if key else {}), **options.get("headers", {})},
        timeout=options.get("timeout", NOT_GIVEN),
        version="client",
    )
