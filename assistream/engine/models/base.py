"""What a model is to the engine: a question in, an async iterator of typed deltas out.

The shapes are those of Chat Completions, because every model server speaks them: a streamed chunk of one maps to
deltas here, and a ``ModelRequest`` to one request body. The engine's runner knows nothing else about models.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, cast, runtime_checkable

import anyio
import anyio.to_thread

T = TypeVar("T")

Role: TypeAlias = Literal["system", "user", "assistant", "tool"]
FinishReason: TypeAlias = Literal["stop", "tool_calls", "length", "content_filter"]
ErrorCode: TypeAlias = Literal["server_error", "rate_limit_exceeded", "invalid_prompt"]


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image by address; an image held by the engine itself travels as a ``data:`` URL."""

    url: str
    detail: Literal["auto", "low", "high"] = "auto"


@dataclass(frozen=True, slots=True)
class StoredImage(TextPart):
    """An image that is a file of the engine. Models are not asked with it: they get the image, or else this text."""

    file_id: str = ""
    detail: Literal["auto", "low", "high"] = "auto"


ContentPart: TypeAlias = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class ChatToolCall:
    """A call made earlier; ``arguments`` is the string as the model wrote it, which need not be valid JSON."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Role
    content: str | Sequence[ContentPart] = ""
    tool_calls: Sequence[ChatToolCall] = ()
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """The words of the message, images left out; text parts are joined by newlines."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content if isinstance(part, TextPart))


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question. ``tools``, ``tool_choice`` and ``response_format`` have their wire shapes.

    ``tools`` holds function tools only: ``{"type": "function", "function": {"name", "description", "parameters"}}``.
    ``tool_choice`` is "none", "auto", "required" or ``{"type": "function", "function": {"name": ...}}``.
    Those that the engine answers itself are among them; ``built_in`` says what they are: name to "file_search".
    ``max_completion_tokens`` is what is left of the run's budget for this call; None is no limit.
    """

    model: str
    messages: Sequence[ChatMessage]
    tools: Sequence[Mapping[str, Any]] = ()
    tool_choice: str | Mapping[str, Any] = "auto"
    parallel_tool_calls: bool = True
    temperature: float | None = None
    top_p: float | None = None
    max_completion_tokens: int | None = None
    response_format: Mapping[str, Any] | None = None
    reasoning_effort: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    built_in: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class RefusalDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of one call. The first piece of an ``index`` carries id and name, later ones only ``arguments``."""

    index: int
    id: str | None = None
    name: str | None = None
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class UsageDelta:
    """The tokens of this one call of the model: at most one, anywhere in the stream."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Why the model stopped. Comes once; only a ``UsageDelta`` may follow it. A stream without one broke off."""

    reason: FinishReason


ModelDelta: TypeAlias = TextDelta | RefusalDelta | ToolCallDelta | UsageDelta | Finish


class ModelError(Exception):
    """The model cannot answer. ``code`` and ``message`` become the run's ``last_error``."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code: ErrorCode = code
        self.message = message


@runtime_checkable
class Model(Protocol):
    """Anything with ``generate``, commonly an async generator method.

    One instance serves many runs at once. A failure is a ``ModelError`` raised from the iteration; any other exception
    is a bug in the model, and fails the run as ``server_error``. A cancelled run cancels the iteration where it waits,
    and closes the iterator if it has ``aclose``; so no ``await`` belongs in a ``finally``.

    If the model itself has an async method ``aclose``, an engine that stops calls it, on its own event loop, to let go
    of what was opened there. Another engine may ask the same model afterwards.

    All runs share one event loop: a model that blocks it, instead of awaiting, blocks the engine. What cannot be
    awaited is a function for `as_model`, which runs it in a thread.
    """

    def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]: ...


ModelAnswer: TypeAlias = AsyncIterator[ModelDelta] | Awaitable[str] | Iterator[ModelDelta] | str
ModelFunction: TypeAlias = Callable[[ModelRequest], ModelAnswer]


def as_model(obj: Model | ModelFunction) -> Model:
    """A model from a model, a generator function of deltas, or a function that returns the text.

    Functions that are not async are run in threads, and may block. A cancelled run does not wait for them, but nothing
    ends them before their time.

    >>> async def shout(request: ModelRequest) -> str:
    ...     return request.messages[-1].text.upper()
    >>> model = as_model(shout)
    """
    return obj if isinstance(obj, Model) else _FunctionModel(obj)


class _FunctionModel:
    def __init__(self, function: ModelFunction) -> None:
        self._function = function
        self.name: str = getattr(function, "__name__", "function")
        self._is_async = _is_async(function) or _is_async(type(function).__call__)

    def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        if not self._is_async:
            return _blocking(self._function, request)
        answer = cast("AsyncIterator[ModelDelta] | Awaitable[str]", self._function(request))
        return answer if isinstance(answer, AsyncIterator) else _said(answer)


def _is_async(function: object) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


async def _said(answer: Awaitable[str]) -> AsyncIterator[ModelDelta]:
    yield TextDelta(await answer)
    yield Finish("stop")


async def _blocking(function: ModelFunction, request: ModelRequest) -> AsyncIterator[ModelDelta]:
    answer = await _in_thread(partial(function, request))
    if isinstance(answer, str):
        yield TextDelta(answer)
        yield Finish("stop")
        return
    # A lambda, or an object of its own kind, can be async without looking like it.
    deltas = _said(answer) if isinstance(answer, Awaitable) else answer
    deltas = deltas if isinstance(deltas, AsyncIterator) else _from_thread(deltas)
    try:
        async for delta in deltas:
            yield delta
    finally:
        if aclose := getattr(deltas, "aclose", None):
            await aclose()


async def _from_thread(answer: Iterator[ModelDelta]) -> AsyncIterator[ModelDelta]:
    end = object()
    while (delta := await _in_thread(partial(next, answer, end))) is not end:
        yield cast("ModelDelta", delta)


async def _in_thread(work: Callable[[], T]) -> T:
    # A limiter of its own: threads that hang must not take the place of others.
    # In a tuple, because trio takes no awaitable from a thread.
    (answer,) = await anyio.to_thread.run_sync(
        lambda: (work(),), abandon_on_cancel=True, limiter=anyio.CapacityLimiter(1)
    )
    return answer
