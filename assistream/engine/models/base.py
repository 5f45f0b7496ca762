"""What a model is to the engine: a question in, an async iterator of typed deltas out.

The shapes are those of Chat Completions, because every model server speaks them: a streamed chunk of one maps to
deltas here, and a ``ModelRequest`` to one request body. The engine's runner knows nothing else about models.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

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
    """

    def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]: ...


ModelFunction: TypeAlias = Callable[[ModelRequest], AsyncIterator[ModelDelta] | Awaitable[str]]


def as_model(obj: Model | ModelFunction) -> Model:
    """A model from a model, an async generator function of deltas, or an async function that returns the text.

    >>> async def shout(request: ModelRequest) -> str:
    ...     return request.messages[-1].text.upper()
    >>> model = as_model(shout)
    """
    return obj if isinstance(obj, Model) else _FunctionModel(obj)


class _FunctionModel:
    def __init__(self, function: ModelFunction) -> None:
        self._function = function

    def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        answer = self._function(request)
        return answer if isinstance(answer, AsyncIterator) else _said(answer)


async def _said(answer: Awaitable[str]) -> AsyncIterator[ModelDelta]:
    yield TextDelta(await answer)
    yield Finish("stop")
