"""An answer before it is read: its HTTP side, and the object in it."""

from __future__ import annotations

import datetime
from typing import Any, Generic, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from ..errors import APIResponseValidationError, excerpt, first_complaint
from .call import Call

T = TypeVar("T")


class APIResponse(Generic[T]):
    """An HTTP answer whose body was received; `parse()` gives the object that the plain method returns."""

    def __init__(self, http_response: httpx.Response, call: Call[T], *, retries_taken: int = 0) -> None:
        self.http_response = http_response
        """httpx's own object."""
        self.retries_taken = retries_taken
        """How many attempts failed before this answer came."""
        self._call = call
        self._parsed: T | None = None

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

    def parse(self) -> T:
        """The body as the operation's type, always the same object.

        Raises:
            APIResponseValidationError: The body is not what the API promises.
        """
        if self._parsed is None:
            self._parsed = self._validate()
        return self._parsed

    def _validate(self) -> T:
        try:
            result = self._call.validator.validate_json(self.content)
        except ValidationError as exc:
            raise APIResponseValidationError(self.http_response, self.text, message=self._complaint(exc)) from exc
        if isinstance(result, BaseModel):
            # The field is none of pydantic's, which would refuse a plain assignment.
            object.__setattr__(result, "_request_id", self.request_id)
        if self._call.received:
            self._call.received(result)
        return result

    def _complaint(self, exc: ValidationError) -> str:
        return (
            f"{self.method} {self.url.path} should answer with a {self._call.returns.__name__}, but "
            f"{first_complaint(exc)}; the answer "
            f"({self.headers.get('content-type', 'no content type')}) was {excerpt(self.text)}"
        )

    def __repr__(self) -> str:
        return f"<APIResponse [{self.status_code}] of {self._call.returns.__name__}>"
