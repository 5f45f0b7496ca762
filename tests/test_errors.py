from __future__ import annotations

import inspect
import pickle
import re

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError

from assistream import errors
from assistream.errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AssistreamError,
    BadRequestError,
    ConfigurationError,
    OpenAIError,
    RunFailedError,
    StreamContentTypeError,
    StreamProtocolError,
    StreamTruncatedError,
    StreamUsageError,
    UsageError,
    WaitTimeoutError,
    excerpt,
    first_complaint,
    status_error,
)
from assistream.types import Message, Run

REQUEST = httpx.Request("POST", "http://127.0.0.1/v1/threads")
CLASSES = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, AssistreamError)]


def answer(status: int) -> httpx.Response:
    return httpx.Response(status, request=REQUEST, headers={"x-request-id": "req_1"})


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"^    ([ │├└─]*)(\w+(?:Error|Exceeded))\b", errors.__doc__ or "", re.MULTILINE)
    above: list[str] = []
    for branches, name in drawn:
        depth = len(branches) // 4
        assert [base.__name__ for base in getattr(errors, name).__bases__][:depth] == above[depth - 1 : depth]
        above = [*above[:depth], name]
    assert {name for _, name in drawn} == {cls.__name__ for cls in CLASSES}


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "BadRequestError"),
        (401, "AuthenticationError"),
        (403, "PermissionDeniedError"),
        (404, "NotFoundError"),
        (409, "ConflictError"),
        (418, "APIStatusError"),
        (422, "UnprocessableEntityError"),
        (429, "RateLimitError"),
        (500, "InternalServerError"),
        (503, "InternalServerError"),
    ],
)
def test_the_class_fits_the_status(status: int, name: str) -> None:
    error = status_error("no", response=answer(status))
    assert type(error).__name__ == name
    assert isinstance(error, APIStatusError)
    assert (error.status_code, error.request_id, error.request) == (status, "req_1", REQUEST)


def test_the_fields_of_the_error_object_are_attributes() -> None:
    body = {"message": "m", "type": "invalid_request_error", "param": "limit", "code": "integer_above_max_value"}
    error = BadRequestError("m", response=answer(400), body=body)
    assert (error.type, error.param, error.code, error.body) == (body["type"], "limit", body["code"], body)
    bare = APIError("m", body="<html>")
    assert (bare.type, bare.param, bare.code, bare.request) == (None, None, None, None)


def test_every_api_error_can_be_asked_for_its_answer() -> None:
    for none in (APIConnectionError(), APITimeoutError(), StreamTruncatedError("gone"), APIError("m")):
        assert (none.response, none.status_code, none.request_id) == (None, None, None)
    invalid = APIResponseValidationError(answer(200))
    assert (invalid.response.status_code, invalid.status_code, invalid.request_id) == (200, 200, "req_1")
    assert pickle.loads(pickle.dumps(WaitTimeoutError("late"))).args == ("late",)
    assert issubclass(WaitTimeoutError, TimeoutError)


def test_a_truncated_stream_says_where_the_run_is() -> None:
    run = Run(id="run_1", thread_id="thread_1")
    error = StreamTruncatedError("gone", run=run)
    assert (error.run_id, error.thread_id) == ("run_1", "thread_1")
    snapshot = Message(id="msg_1", thread_id="thread_2", run_id="run_2")
    error = StreamTruncatedError("gone", snapshot=snapshot)
    assert (error.run_id, error.thread_id) == ("run_2", "thread_2")
    assert (StreamTruncatedError("gone").run_id, StreamTruncatedError("gone").thread_id) == (None, None)
    assert isinstance(error, APIConnectionError)
    assert "goes on at the server" in str(error)
    error.run = Run(id="run_2", status="cancelled")
    assert str(error) == "gone The run is cancelled."


def test_a_protocol_error_is_located_once() -> None:
    error = StreamProtocolError("odd")
    assert str(error) == "odd"
    error.locate(3, 120)
    error.locate(4, 500)
    assert str(error) == error.message == "odd (at frame 3, byte 120 of the stream)"
    assert (error.frame, error.offset) == (3, 120)
    assert str(StreamProtocolError("odd", offset=7)) == "odd (at byte 7 of the stream)"


def test_a_wrong_content_type_is_named_with_the_start_of_the_body() -> None:
    error = StreamContentTypeError("text/html", body="<p>" + "x" * 1000)
    assert "text/html" in str(error)
    assert "<p>xxx" in str(error)
    assert len(str(error)) < 500
    assert (error.content_type, error.body) == ("text/html", "<p>" + "x" * 1000)
    assert "no type" in str(StreamContentTypeError("", body=""))


def test_what_is_wrong_with_an_object_is_told_with_its_place() -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(dict[str, list[int]]).validate_python({"a": [1, "x"]})
    assert first_complaint(raised.value).startswith("a.1: Input should be a valid integer")
    with pytest.raises(ValidationError) as raised:
        Run.model_validate_json(b"<html>")
    assert first_complaint(raised.value).startswith("Invalid JSON")


def test_an_excerpt_says_how_much_there_was() -> None:
    assert excerpt("x\n") == "'x\\n'"
    assert excerpt("x" * 9, limit=3) == "'xxx'... (9 characters)"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "failed", "last_error": {"code": "server_error", "message": "Oh"}}, "failed: server_error: Oh"),
        ({"status": "incomplete", "incomplete_details": {"reason": "max_prompt_tokens"}}, ": max_prompt_tokens"),
        ({"status": "expired"}, "ended as expired"),
    ],
)
def test_a_failed_run_says_why(fields: dict[str, object], said: str) -> None:
    error = RunFailedError(Run.model_validate({"id": "run_1", **fields}))
    assert str(error).endswith(said)
    assert error.run.id == "run_1"


@pytest.mark.parametrize(
    "error",
    [
        BadRequestError("m", response=answer(400), body={"code": "c"}),
        APITimeoutError(REQUEST),
        APIResponseValidationError(answer(200), body={"a": 1}),
        StreamTruncatedError("gone", run=Run(id="run_1")),
        StreamProtocolError("odd", frame=1, offset=2),
        RunFailedError(Run(id="run_1", status="failed")),
        StreamUsageError("no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_pickling(error: AssistreamError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert getattr(again, "code", None) == getattr(error, "code", None)
    assert getattr(again, "run", None) == getattr(error, "run", None)


def test_programs_catch_what_they_are_used_to() -> None:
    assert OpenAIError is AssistreamError
    assert issubclass(StreamUsageError, UsageError)
    assert issubclass(UsageError, RuntimeError)
    assert issubclass(ConfigurationError, ValueError)
    assert APITimeoutError(REQUEST).request is REQUEST
