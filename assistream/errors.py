"""Everything assistream raises on purpose, as one tree.

::

    AssistreamError
    ├── APIError                        the other side's fault, or the network's
    │   ├── APIConnectionError          no answer, or not all of it
    │   │   ├── APITimeoutError
    │   │   └── StreamTruncatedError    the stream stopped before the run had ended
    │   ├── APIStatusError              an answer that says no (400 and up)
    │   │   ├── BadRequestError             400
    │   │   ├── AuthenticationError         401
    │   │   ├── PermissionDeniedError       403
    │   │   ├── NotFoundError               404
    │   │   ├── ConflictError               409
    │   │   ├── UnprocessableEntityError    422
    │   │   ├── RateLimitError              429
    │   │   └── InternalServerError         500 and up
    │   ├── APIResponseValidationError  an answer that is not what the API promises
    │   └── StreamProtocolError         a stream that is not what the API promises
    │       └── StreamContentTypeError      not an event stream at all
    ├── RunFailedError                  the run ended without success, and success was asked for
    ├── MaxTurnsExceeded                the model called tools more often than it was allowed to
    ├── StructuredOutputError           what the model said is not what `parse_as` asks for
    ├── ToolError                       a tool failed: the model is told the message as it stands
    │   ├── ToolArgumentsError              the arguments that the model wrote do not fit the function
    │   └── ToolTimeoutError                the tool took longer than it may
    ├── WaitTimeoutError                what was waited for took longer than it might
    ├── ConfigurationError              the client cannot be made: something is missing or contradictory
    └── UsageError                      the program's own fault: a call that cannot work here
        └── StreamUsageError                ... of a stream or a handler

An ``error`` event inside a stream raises plain `APIError`. `OpenAIError` is another name of `AssistreamError`.
A wrong or missing argument is no part of the tree: it is Python's own `TypeError` or `ValueError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    import httpx
    from pydantic import ValidationError

    from .types import Message, Run

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AssistreamError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "InternalServerError",
    "MaxTurnsExceeded",
    "NotFoundError",
    "OpenAIError",
    "PermissionDeniedError",
    "RateLimitError",
    "RunFailedError",
    "StreamContentTypeError",
    "StreamProtocolError",
    "StreamTruncatedError",
    "StreamUsageError",
    "StructuredOutputError",
    "ToolArgumentsError",
    "ToolError",
    "ToolTimeoutError",
    "UnprocessableEntityError",
    "UsageError",
    "WaitTimeoutError",
    "excerpt",
    "first_complaint",
    "status_error",
]


class AssistreamError(Exception):
    """The root: catch this to catch whatever assistream raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions pickle as cls(*args), which keyword-only arguments break; results cross process pools, so keep it.
        return _rebuild, (type(self), self.args, self.__dict__)


OpenAIError = AssistreamError


def _rebuild(cls: type[AssistreamError], args: tuple[object, ...], state: dict[str, object]) -> AssistreamError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class APIError(AssistreamError):
    """The request failed, or the server reported an error inside a stream.

    Args:
        message: What happened.
        request: The request that failed, where there is one.
        body: What the server answered: the API's error object (a mapping), other JSON, text, or None.

    `code`, `param` and `type` are those of the API's error object, None where the body has none. `response`,
    `status_code` and `request_id` are those of the answer, None where there was none, or only a part of a stream.
    """

    response: httpx.Response | None = None
    status_code: int | None = None
    request_id: str | None = None
    message: str
    request: httpx.Request | None
    body: object | None
    code: str | None
    param: str | None
    type: str | None

    def __init__(self, message: str, request: httpx.Request | None = None, *, body: object | None = None) -> None:
        super().__init__(message)
        self.message, self.request, self.body = message, request, body
        fields: Mapping[str, Any] = cast("Mapping[str, Any]", body) if isinstance(body, Mapping) else {}
        self.code, self.param, self.type = fields.get("code"), fields.get("param"), fields.get("type")


class APIConnectionError(APIError):
    """The server could not be reached, or the connection was lost. The transport's own error is the ``__cause__``."""

    def __init__(self, *, message: str = "Connection error.", request: httpx.Request | None = None) -> None:
        super().__init__(message, request)


class APITimeoutError(APIConnectionError):
    """The server took longer than the client's `timeout` to accept, or to send the next bytes."""

    def __init__(self, request: httpx.Request | None = None, *, message: str = "Request timed out.") -> None:
        super().__init__(message=message, request=request)


_STOPPED: Final = frozenset({"cancelling", "cancelled", "completed", "failed", "expired", "incomplete"})


class StreamTruncatedError(APIConnectionError):
    """The stream stopped, cleanly or not, before its run had ended and before ``[DONE]``.

    The run itself probably goes on at the server: `run_id` and `thread_id` (None if never seen) say where to look,
    `run` is the last run object received and `snapshot` the message that was being written, as far as it got.
    Where the stream ran functions, the run was stopped, and `run` is how it is since.
    """

    run: Run | None
    snapshot: Message | None

    def __init__(
        self,
        message: str,
        *,
        request: httpx.Request | None = None,
        run: Run | None = None,
        snapshot: Message | None = None,
    ) -> None:
        super().__init__(message=message, request=request)
        self.run, self.snapshot = run, snapshot

    def __str__(self) -> str:
        if self.run and self.run.status in _STOPPED:  # seen since: the stream did not get that far
            return f"{self.message} The run is {self.run.status}."
        return (
            f"{self.message} It probably goes on at the server: "
            "see runs.retrieve, or pass allow_truncated=True to take what came."
        )

    @property
    def run_id(self) -> str | None:
        """The run that the stream was about; None if it had not said yet."""
        return self.run.id if self.run else self.snapshot.run_id if self.snapshot else None

    @property
    def thread_id(self) -> str | None:
        """The thread of that run; None if the stream had not said yet."""
        return self.run.thread_id if self.run else self.snapshot.thread_id if self.snapshot else None


class APIStatusError(APIError):
    """The server answered with a status that is no success: 400 or more, or a redirect that is not followed."""

    response: httpx.Response
    status_code: int

    def __init__(self, message: str, *, response: httpx.Response, body: object | None = None) -> None:
        super().__init__(message, response.request, body=body)
        self.response = response  # pyright: ignore[reportIncompatibleVariableOverride]  # nobody sets it to None
        self.status_code = response.status_code  # pyright: ignore[reportIncompatibleVariableOverride]  # nor this
        self.request_id: str | None = response.headers.get("x-request-id")


class BadRequestError(APIStatusError):
    """400: the request makes no sense to the server, or not now (a thread that is busy with another run)."""


class AuthenticationError(APIStatusError):
    """401: no API key, or not one the server knows."""


class PermissionDeniedError(APIStatusError):
    """403: a known key that may not do this."""


class NotFoundError(APIStatusError):
    """404: no such object, or no such path: is `base_url` right?"""


class ConflictError(APIStatusError):
    """409: the object is in use or was changed meanwhile."""


class UnprocessableEntityError(APIStatusError):
    """422: well-formed, but the values do not make sense together."""


class RateLimitError(APIStatusError):
    """429: too many requests, or the quota is used up."""


class InternalServerError(APIStatusError):
    """500 and up: the server failed."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error(message: str, *, response: httpx.Response, body: object | None = None) -> APIStatusError:
    """The error class that fits an answer's status."""
    fallback = InternalServerError if response.status_code >= 500 else APIStatusError
    return _BY_STATUS.get(response.status_code, fallback)(message, response=response, body=body)


class APIResponseValidationError(APIError):
    """The answer's status is fine but its body is not what the API promises."""

    response: httpx.Response
    status_code: int

    def __init__(self, response: httpx.Response, body: object | None = None, *, message: str | None = None) -> None:
        super().__init__(message or "The answer is not what the API promises.", response.request, body=body)
        self.response = response  # pyright: ignore[reportIncompatibleVariableOverride]  # nobody sets it to None
        self.status_code = response.status_code  # pyright: ignore[reportIncompatibleVariableOverride]  # nor this
        self.request_id: str | None = response.headers.get("x-request-id")


class StreamProtocolError(APIError):
    """The server sent something an event stream of this API cannot contain.

    `frame` is the number of the offending frame in its stream (from 1) and `offset` the count of bytes read
    before the decoder stopped; either may be None where it is not known.
    """

    message: str
    args: tuple[Any, ...]
    frame: int | None
    offset: int | None

    def __init__(
        self, message: str, *, frame: int | None = None, offset: int | None = None, body: object | None = None
    ) -> None:
        super().__init__(message, body=body)
        self.frame = self.offset = None
        self.locate(frame, offset)

    def locate(self, frame: int | None, offset: int | None) -> None:
        """Say where in the stream it happened, if that is not said yet."""
        if self.frame is None and self.offset is None and not (frame is None and offset is None):
            where = ", ".join(f"{n} {place}" for n, place in (("frame", frame), ("byte", offset)) if place is not None)
            self.message = f"{self.message} (at {where} of the stream)"
            self.args = (self.message,)
            self.frame, self.offset = frame, offset


class StreamContentTypeError(StreamProtocolError):
    """A stream was asked for and something else came back: `body`, which claims to be `content_type`."""

    content_type: str
    request: httpx.Request | None

    def __init__(self, content_type: str, *, body: str, request: httpx.Request | None = None) -> None:
        super().__init__(
            f"Expected an event stream (text/event-stream), but the server answered with {content_type or 'no type'}:"
            f" {excerpt(body)}. Is base_url the address of an Assistants API?",
            body=body,
        )
        self.content_type, self.request = content_type, request


class RunFailedError(AssistreamError):
    """`get_final_run(raise_on_failure=True)`: the run ended as failed, expired, cancelled or incomplete."""

    run: Run

    def __init__(self, run: Run) -> None:
        why = ""
        if run.last_error:
            why = f": {run.last_error.code}: {run.last_error.message}"
        elif run.incomplete_details and run.incomplete_details.reason:
            why = f": {run.incomplete_details.reason}"
        super().__init__(f"Run {run.id} ended as {run.status}{why}")
        self.run = run


class MaxTurnsExceeded(AssistreamError):
    """The model called tools again after `max_turns` rounds of outputs. The run was cancelled; `run` is how it was."""

    run: Run

    def __init__(self, run: Run, max_turns: int) -> None:
        super().__init__(
            f"Run {run.id} wants tool outputs once more after {max_turns} rounds of them, and was cancelled. "
            "If it needs more, pass max_turns=..."
        )
        self.run = run


class StructuredOutputError(AssistreamError, ValueError):
    """What the model said is not what `parse_as` asks for; `text` is what it said."""

    text: str

    def __init__(self, message: str, *, text: str) -> None:
        super().__init__(message)
        self.text = text


class ToolError(AssistreamError):
    """Raise it in a tool: the model is told the message as it stands, and the run goes on."""


class ToolArgumentsError(ToolError):
    """The arguments that the model wrote do not fit the function; the message tells the model which and why."""


class ToolTimeoutError(ToolError):
    """A tool took longer than it may. The model is told so."""


class WaitTimeoutError(AssistreamError, TimeoutError, RuntimeError):
    """What was waited for took longer than it might; it goes on at the server."""


class ConfigurationError(AssistreamError, ValueError):
    """The client cannot be made from what it was given; the message says what to pass."""


class UsageError(AssistreamError, RuntimeError):
    """Something was used in a way that cannot work; the message says what to do instead."""


class StreamUsageError(UsageError):
    """A stream or handler was used in a way that cannot work; the message says what to do instead."""


def first_complaint(error: ValidationError) -> str:
    """What pydantic says first is wrong with an object, and where in it."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def excerpt(text: str, limit: int = 200) -> str:
    """`text` as a message can quote it: at most `limit` characters of it, and how many there were."""
    return repr(text) if len(text) <= limit else f"{text[:limit]!r}... ({len(text)} characters)"
