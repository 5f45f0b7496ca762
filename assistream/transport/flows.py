"""Several calls that make one operation: a flow says what it needs done, step by step, and a transport does it.

A flow is a generator without a colour. It yields steps and gets their results back:

`Call`
    is performed; its answer comes back. `perform` is the short form that gives the object in it.
`Together`
    calls that are performed at the same time; their results come back as a list, in their order.
`Sleep`
    a wait.
`Told`
    what a function of the program returned; if that can be awaited, it is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, cast

from ..types.base import NotGiven, Omit, Omittable
from ..types.params import RequestOptions
from .call import Call
from .response import RawResponse
from .retry import LONGEST_WISH

T = TypeVar("T")

SHARED = ("extra_headers", "extra_query", "timeout")

POLL_AFTER = "openai-poll-after-ms"
"""The header by which a server says how long to wait before it is asked again."""

INTERVAL = 1000.0
"""The wait in milliseconds where neither the program nor the server has a wish."""


@dataclass(frozen=True)
class Sleep:
    seconds: float


@dataclass(frozen=True)
class Told:
    returned: object


@dataclass(frozen=True)
class Together:
    calls: Sequence[Call[Any]]
    at_once: int
    """How many may be on their way at the same time."""


Step: TypeAlias = Call[Any] | Together | Sleep | Told
Flow: TypeAlias = Generator[Step, Any, T]


def perform(call: Call[T]) -> Flow[T]:
    """Inside a flow: `run = yield from perform(call)`, typed."""
    answer: RawResponse[T] = yield call
    return answer.parse()


def perform_together(calls: Sequence[Call[T]], at_once: int) -> Flow[list[T]]:
    """As `perform`, for several. The first that fails is the error, and the others are given up."""
    if at_once < 1:
        raise ValueError(f"At least one has to be under way at a time, not {at_once}.")
    results: list[T] = yield Together(calls, at_once)
    return results


def poll(
    call: Call[T], pending: Callable[[T], bool], interval_ms: Omittable[float], on_poll: Callable[[T], object] | None
) -> Flow[T]:
    """Make the call again and again while what it gives is `pending`, and tell `on_poll` each time.

    The wait is what the program wishes, else what the server does, else a second.
    """
    while True:
        answer: RawResponse[T] = yield call
        result = answer.parse()
        if on_poll:
            yield Told(on_poll(result))
        if not pending(result):
            return result
        yield Sleep(_wait(interval_ms, answer.headers) / 1000)


def shared(params: Mapping[str, Any]) -> RequestOptions:
    """Those options of an operation that go for each of its calls."""
    return cast("RequestOptions", {name: params[name] for name in SHARED if name in params})


def _wait(interval_ms: Omittable[float], headers: Mapping[str, str]) -> float:
    if not isinstance(interval_ms, NotGiven | Omit):
        return interval_ms
    try:
        wish = float(headers.get(POLL_AFTER, INTERVAL))
    except ValueError:
        return INTERVAL
    return wish if 0 <= wish <= LONGEST_WISH * 1000 else INTERVAL
