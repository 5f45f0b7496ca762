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

import math
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, cast

from ..errors import WaitTimeoutError
from ..types.base import NOT_GIVEN, NotGiven, Omit, Omittable
from ..types.params import RequestOptions
from .call import Call, absent
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


@dataclass(frozen=True)
class Polling(Generic[T]):
    """How a flow asks again and again. It is made before the first call: what makes no sense costs nothing then.

    The wait is what the program wishes, else what the server does, else a second.
    """

    interval_ms: Omittable[float] = NOT_GIVEN
    on_poll: Callable[[T], object] | None = None
    """Told of each answer."""
    max_seconds: Omittable[float] = NOT_GIVEN
    """From the beginning of `until`; it is looked at before each call, and a call under way is not cut off."""

    def __post_init__(self) -> None:
        for name, value in (("poll_interval_ms", self.interval_ms), ("max_wait_seconds", self.max_seconds)):
            if absent(value):
                continue
            if not isinstance(value, int | float) or not 0 <= value < math.inf:
                raise ValueError(f"{name} must be a number, 0 or more, or be left out; not {value!r}.")

    def until(self, call: Call[T], done: Callable[[T], bool]) -> Flow[T]:
        """Make the call again and again until what it gives is `done`.

        Raises:
            WaitTimeoutError: It was not within `max_seconds`.
        """
        end = math.inf if isinstance(self.max_seconds, NotGiven | Omit) else time.monotonic() + self.max_seconds
        while time.monotonic() < end:
            answer: RawResponse[T] = yield call
            result = answer.parse()
            if self.on_poll:
                yield Told(self.on_poll(result))
            if done(result):
                return result
            yield Sleep(min(_wait(self.interval_ms, answer.headers) / 1000, max(0, end - time.monotonic())))
        raise WaitTimeoutError(f"{call.path} was not done within {self.max_seconds} s; it goes on at the server.")


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
