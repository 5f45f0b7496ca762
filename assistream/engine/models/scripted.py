"""A model for tests: it says exactly what it is told, one turn for each time it is asked."""

from __future__ import annotations

import json
import random
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import anyio
from anyio.lowlevel import checkpoint

from assistream.engine.models import pieces
from assistream.engine.models.base import (
    ErrorCode,
    Finish,
    FinishReason,
    ModelDelta,
    ModelError,
    ModelRequest,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

_LOOK_AGAIN = 0.002  # seconds between two looks at an event somebody else sets
_IDS = random.SystemRandom()


class Settable(Protocol):
    """A ``threading.Event``, or anything else that tells whether it is set."""

    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class _Wait:
    event: Settable


@dataclass(frozen=True, slots=True)
class _BreakOff:
    pass


class Aside(ABC):
    """A step that is not the model's: what a test does elsewhere while the model answers."""

    @abstractmethod
    async def perform(self) -> None: ...


Step: TypeAlias = TextDelta | RefusalDelta | ToolCallDelta | UsageDelta | _Pause | _Wait | _BreakOff | Aside | Exception


@dataclass(frozen=True, slots=True)
class Turn:
    """What the model does when it is asked once. Turns are added: ``says("Let me see.") + calls(get_time={})``.

    A plain string is a turn that says it, here too.
    ``finish`` is what ends it; None means "tool_calls" if it made any, else "stop".
    """

    steps: tuple[Step, ...] = ()
    finish: FinishReason | None = None

    def __add__(self, other: Turn | str) -> Turn:
        if isinstance(other, str):
            other = says(other)
        if not isinstance(other, Turn):  # pyright: ignore[reportUnnecessaryIsInstance] -- types do not bind everybody
            return NotImplemented
        shift = sum(1 for step in self.steps if _opens_call(step))
        moved = (replace(s, index=s.index + shift) if isinstance(s, ToolCallDelta) else s for s in other.steps)
        return Turn((*self.steps, *moved), other.finish or self.finish)

    def __radd__(self, other: str) -> Turn:
        return says(other) + self if isinstance(other, str) else NotImplemented  # pyright: ignore[reportUnnecessaryIsInstance] -- as above

    @property
    def reason(self) -> FinishReason:
        return self.finish or ("tool_calls" if any(_opens_call(step) for step in self.steps) else "stop")


Script: TypeAlias = Iterable[Turn | str] | Callable[[ModelRequest], Turn | str]


def says(
    text: str | Sequence[str],
    *,
    usage: tuple[int, int] | None = None,
    finish: FinishReason | None = None,
    delay: float = 0.0,
) -> Turn:
    """Text: a string goes out word by word, a list exactly in its pieces, each after ``delay`` seconds.

    ``usage`` is (prompt tokens, completion tokens); without it none is reported.
    """
    steps: list[Step] = []
    for piece in _pieces(text):
        steps += [_Pause(delay), TextDelta(piece)] if delay else [TextDelta(piece)]
    return Turn((*steps, UsageDelta(*usage)) if usage else tuple(steps), finish)


def _pieces(text: str | Sequence[str]) -> Sequence[str]:
    said = pieces.words(text) if isinstance(text, str) else text
    if not (isinstance(said, Sequence) and all(isinstance(piece, str) for piece in said)):  # pyright: ignore[reportUnnecessaryIsInstance] -- types do not bind everybody
        raise TypeError(f"says() takes a text, or a list of its pieces, not {text!r}.")
    return said


def call(
    name: str, arguments: Mapping[str, Any] | str = "{}", *, id: str | None = None, size: int | None = None
) -> Turn:
    """One function call. A string of arguments is written as it is, valid or not, ``size`` characters a piece.

    Without an ``id`` every playing of the turn makes a new one.
    """
    written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    cut = [written[i : i + size] for i in range(0, len(written), size)] if size else pieces.tokens(written)
    return Turn((ToolCallDelta(0, id, name), *(ToolCallDelta(0, arguments=piece) for piece in cut)))


def calls(*functions: tuple[str, Mapping[str, Any] | str], **by_name: Mapping[str, Any] | str) -> Turn:
    """Several function calls in one turn.

    >>> turn = calls(get_weather={"city": "Oslo"}, get_time={"city": "Tokyo"})
    >>> turn = calls(("get_weather", {"city": "Oslo"}), ("get_weather", {"city": "Bergen"}))
    """
    return sum((call(name, arguments) for name, arguments in (*functions, *by_name.items())), Turn())


def refuses(text: str) -> Turn:
    return Turn(tuple(RefusalDelta(piece) for piece in pieces.words(text)))


def uses(prompt_tokens: int, completion_tokens: int) -> Turn:
    """Reports usage: ``calls(...) + uses(20, 5)``."""
    return Turn((UsageDelta(prompt_tokens, completion_tokens),))


def fails(code: ErrorCode = "server_error", message: str = "The model failed, as the script says.") -> Turn:
    """A failure models may have; after some text: ``says("Half of") + fails()``."""
    return Turn((ModelError(code, message),))


def crashes(exception: Exception) -> Turn:
    """A bug in the model: any exception at all."""
    return Turn((exception,))


def breaks_off() -> Turn:
    """The stream ends without saying why, as a dropped connection to a model server does."""
    return Turn((_BreakOff(),))


def pauses(seconds: float) -> Turn:
    """``pauses(math.inf)`` holds the run until it is cancelled or expires."""
    return Turn((_Pause(seconds),))


def waits_for(event: Settable) -> Turn:
    """Holds the run in progress until somebody, in any thread, sets the event."""
    return Turn((_Wait(event),))


class Scripted:
    """Plays turns in the order it is asked, whichever run asks; a plain string is a turn that says it.

    >>> model = Scripted([calls(get_weather={"city": "Oslo"}), "It rains in Oslo."])

    A function chooses the turn from the question instead, for runs at once that must not depend on their order:

    >>> model = Scripted(lambda request: request.messages[-1].text)

    ``requests`` is everything it was asked; ``answering`` how many answers are being given now (0 again after a
    cancelled run, if the engine closes what it no longer reads).
    """

    def __init__(self, script: Script) -> None:
        self.requests: list[ModelRequest] = []
        self.answering: int = 0
        self._lock = threading.Lock()
        self._choose = script if callable(script) else _in_order(script)

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        turn = self._take(request)
        self._count(1)
        try:
            for step in turn.steps:
                if isinstance(step, _BreakOff):
                    return
                if (delta := await _perform(step)) is not None:
                    yield delta
            yield Finish(turn.reason)
        finally:
            self._count(-1)

    def _take(self, request: ModelRequest) -> Turn:
        with self._lock:
            self.requests.append(request)
            turn = self._choose(request)
        return says(turn) if isinstance(turn, str) else turn

    def _count(self, change: int) -> None:
        with self._lock:
            self.answering += change


def _in_order(script: Iterable[Turn | str]) -> Callable[[ModelRequest], Turn | str]:
    left = deque(script)
    length = len(left)

    def take(request: ModelRequest) -> Turn | str:
        if not left:
            raise ModelError("server_error", f"The script is exhausted: it has {length} turns, and was asked for more.")
        return left.popleft()

    return take


async def _perform(step: Step) -> ModelDelta | None:
    await checkpoint()  # real models wait between deltas: a long text must not keep the loop to itself
    match step:
        case Exception():
            raise step
        case _Pause(seconds):
            await anyio.sleep(seconds)
        case _Wait(event):
            await _until_set(event)
        case Aside():
            await step.perform()
        case ToolCallDelta(id=None, name=str()):
            return replace(step, id=pieces.call_id(_IDS))
        case TextDelta() | RefusalDelta() | ToolCallDelta() | UsageDelta():
            return step
        case _BreakOff():
            pass
    return None


async def _until_set(event: Settable) -> None:
    # A thread waiting in event.wait() could not be cancelled, and would outlive the test that never sets the event.
    while not event.is_set():  # noqa: ASYNC110 -- the event is set from any thread, an anyio.Event is not
        await anyio.sleep(_LOOK_AGAIN)


def _opens_call(step: Step) -> bool:
    return isinstance(step, ToolCallDelta) and step.name is not None
