from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from assistream.engine.models.chat_completions.failures import Failure, refused, told, unreachable


def refusal(status: int, body: object, **headers: str) -> Failure:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return refused(status, headers, content, 0.0)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"message": "not found", "type": "api_error", "param": None, "code": None}}, "not found"),
        ({"error": "No models loaded."}, "No models loaded."),
        ({"object": "error", "message": "too long", "type": "BadRequestError", "code": 400}, "too long"),
        ({"detail": "Not Found"}, "Not Found"),
        ({"detail": [{"loc": ["body"], "msg": "missing"}]}, '[{"loc": ["body"], "msg": "missing"}]'),
        ([{"error": {"code": 400, "message": "API key not valid"}}], "API key not valid"),
        ({"message": {"detail": "wrong"}}, '{"detail": "wrong"}'),
        (b"upstream connect error", "upstream connect error"),
        (b"<html><h1>Bad Gateway</h1></html>", "and said no more"),
        (b"", "and said no more"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"[" * 100_000, "[" * 500),
    ],
)  # fmt: skip
def test_its_words_wherever_they_are(body: object, said: str) -> None:
    assert refusal(400, body).message == f"The model server answered with status 400: {said}"


def test_hints() -> None:
    assert refusal(401, {"error": "no"}).message.endswith("no (is the api_key right?)")
    assert refusal(404, {"error": "no"}).message.endswith("no (does base_url end where it should, mostly in /v1?)")


@pytest.mark.parametrize(
    ("status", "error", "code", "passing"),
    [
        (429, {"message": "slow down", "type": "requests", "code": "rate_limit_exceeded"}, "rate_limit_exceeded", True),
        (429, {"message": "pay", "type": "insufficient_quota"}, "rate_limit_exceeded", False),
        (503, {"message": "loading", "type": "unavailable_error", "code": 503}, "server_error", True),
        (400, {"message": "long", "code": "context_length_exceeded"}, "invalid_prompt", False),
        (400, {"message": "long", "type": "exceed_context_size_error", "code": 400}, "invalid_prompt", False),
        (400, {"message": "no", "code": "content_policy_violation"}, "invalid_prompt", False),
        (400, {"message": "no", "type": "BadRequestError", "code": 400}, "server_error", False),
        (401, {"message": "key", "code": "invalid_api_key"}, "server_error", False),
    ],
)
def test_codes(status: int, error: dict[str, Any], code: str, passing: bool) -> None:
    failure = refusal(status, {"error": error})
    assert (failure.status, failure.code, failure.passing) == (status, code, passing)


def test_the_wait_it_asks_for() -> None:
    assert refused(429, {"retry-after": "7"}, b"", 0.0).wait == 7


@pytest.mark.parametrize(
    ("payload", "said", "code", "passing"),
    [
        ({"error": {"message": "no memory", "type": "server_error", "code": 500}}, "no memory", "server_error", True),
        ({"error": {"message": "slow", "type": "None", "code": "429"}}, "slow", "rate_limit_exceeded", True),
        ({"error": {"message": "slow", "type": "rate_limit_error"}}, "slow", "rate_limit_exceeded", True),
        ({"error": {"message": "long", "type": "exceed_context_size_error"}}, "long", "invalid_prompt", False),
        ({"error": "template failed"}, "template failed", "server_error", False),
        ({"object": "error", "message": "gone", "code": 400}, "gone", "server_error", False),
        ({"error": {"n": 1}}, '{"n": 1}', "server_error", False),
        ({"error": True}, "true", "server_error", False),
    ],
)
def test_errors_in_an_answer(payload: dict[str, Any], said: str, code: str, passing: bool) -> None:
    failure = told(payload)
    assert failure is not None
    assert failure.message == f"The model server failed: {said}"
    assert (failure.code, failure.passing) == (code, passing)


@pytest.mark.parametrize("payload", [{"choices": []}, {"error": None, "choices": []}, {}])
def test_what_is_no_error(payload: dict[str, Any]) -> None:
    assert told(payload) is None


@pytest.mark.parametrize(
    ("error", "said", "passing"),
    [
        (httpx.ReadTimeout(""), "http://here has sent nothing for 5 seconds.", False),
        (httpx.ConnectError("refused"), "http://here cannot be reached: refused.", True),
        (httpx.ConnectTimeout(""), "http://here cannot be reached: ConnectTimeout.", True),
        (httpx.RemoteProtocolError("gone."), "http://here was lost: gone.", True),
        (httpx.ReadError(""), "http://here was lost: ReadError.", True),
    ],
)
def test_no_answer(error: httpx.HTTPError, said: str, passing: bool) -> None:
    failure = unreachable(error, "http://here", 5)
    assert failure.message.endswith(said)
    assert failure.passing is passing


def test_the_key_is_never_repeated() -> None:
    failure = refusal(401, {"error": {"message": "Incorrect key: s3cret"}})
    assert failure.error("s3cret").message.startswith("The model server answered with status 401: Incorrect key: ***")
    assert "s3cret" in failure.error(None).message
