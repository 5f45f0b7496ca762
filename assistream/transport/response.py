"""An answer: its HTTP side, and the object in it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import NoneType
from typing import Any, Generic, TypeVar, cast, overload

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from ..errors import APIResponseValidationError, excerpt, first_complaint
from .binary import HttpxBinaryResponseContent
from .call import Call

T = TypeVar("T")
S = TypeVar("S")


_AS_IT_IS: dict[Any, Callable[[httpx.Response], object]] = {
    bytes: lambda response: response.content,
    str: lambda response: response.text,
    NoneType: lambda response: None,
    httpx.Response: lambda response: response,
    HttpxBinaryResponseContent: HttpxBinaryResponseContent,
}
"""What is no JSON, and is taken as it came."""


class Answer(Generic[T]):
    """The HTTP side of an answer, and how the object in it is read."""

    def __init__(
        self, http_response: httpx.Response, call: Call[Any], *, retries_taken: int = 0, result: T | None = None
    ) -> None:
        self.http_response = http_response
        """httpx's own object."""
        self.retries_taken = retries_taken
        """How many attempts failed before this answer came."""
        self._call = call
        self._parsed: Any = result

    @property
    def status_code(self) -> int:
        """The answer's status, less than 400."""
        return self.http_response.status_code

    @property
    def headers(self) -> httpx.Headers:
        """The answer's headers; case does not matter."""
        return self.http_response.headers

    @property
    def request_id(self) -> str | None:
        """The id that the server gave the request, which its operators ask for; None if it gave none."""
        request_id: str | None = self.headers.get("x-request-id")
        return request_id

    @property
    def http_request(self) -> httpx.Request:
        """The request that was answered, with all headers as they were sent: the key, too."""
        return self.http_response.request

    @property
    def http_version(self) -> str:
        """Such as "HTTP/1.1"."""
        return self.http_response.http_version

    @property
    def method(self) -> str:
        """The request's method."""
        return self.http_request.method

    @property
    def url(self) -> httpx.URL:
        """Where the answer came from, after redirects."""
        return self.http_response.url

    @property
    def elapsed(self) -> datetime.timedelta:
        """From sending the request to the end of the answer."""
        return self.http_response.elapsed

    @property
    def is_closed(self) -> bool:
        """Whether the connection was given back."""
        return self.http_response.is_closed

    def _result(self) -> T:
        """The object in a body that was received, always the same one."""
        if self._parsed is None:
            self._parsed = self._accepted(self._result_as(self._call.returns))
        return cast(T, self._parsed)

    def _accepted(self, result: Any) -> Any:
        if isinstance(result, BaseModel):
            # The field is none of pydantic's, which would refuse a plain assignment.
            object.__setattr__(result, "_request_id", self.request_id)
        if self._call.received:
            self._call.received(result)
        return result

    def _result_as(self, to: type[S]) -> S:
        if to in _AS_IT_IS:
            return cast(S, _AS_IT_IS[to](self.http_response))
        validator = self._call.validator if to is self._call.returns else TypeAdapter(to)
        return self._validated(cast("TypeAdapter[S]", validator), getattr(to, "__name__", str(to)))

    def _validated(self, validator: TypeAdapter[S], name: str) -> S:
        try:
            return validator.validate_json(self.http_response.content)
        except ValidationError as exc:
            message = self._complaint(exc, name)
            raise APIResponseValidationError(self.http_response, self.http_response.text, message=message) from exc

    def _complaint(self, exc: ValidationError, name: str) -> str:
        return (
            f"{self.method} {self.url.path} should answer with a {name}, but {first_complaint(exc)}; the answer "
            f"({self.headers.get('content-type', 'no content type')}) was {excerpt(self.http_response.text)}"
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status_code}] of {self._call.returns.__name__}>"


class RawResponse(Answer[T]):
    """An answer whose body was received: what methods of `with_raw_response` return, in both colours.

    With `stream=True` the body is still to come: `parse()` gives the stream of events.
    """

    @property
    def content(self) -> bytes:
        """The body, decompressed."""
        return self.http_response.content

    @property
    def text(self) -> str:
        """The body as text, by the charset that the answer names, or UTF-8."""
        return self.http_response.text

    def json(self) -> Any:
        """The body as plain data; ValueError if it is no JSON."""
        return self.http_response.json()

    def read(self) -> bytes:
        """The body, as `content`."""
        return self.content

    @overload
    def parse(self) -> T: ...
    @overload
    def parse(self, *, to: type[S]) -> S: ...
    def parse(self, *, to: type[S] | None = None) -> T | S:
        """The object that the plain method returns, always the same one; or the body as another type.

        Raises:
            APIResponseValidationError: The body is not what the API promises.
        """
        return self._result() if to is None else self._result_as(to)
