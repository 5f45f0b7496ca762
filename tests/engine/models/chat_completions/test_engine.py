"""What runs say and do when the model server behind them fails, is slow, or is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistream.engine import ChatCompletions, Engine
from tests.engine.conftest import Api, Json, ScriptedEngine, names, path_of
from tests.engine.models.chat_completions.server import PATH, answering, chunk, event, saying, usage
from tests.wire import Step, Wire, answer, hang, hang_up, head, reset, send, until


def model(server: Wire) -> ChatCompletions:
    return ChatCompletions(f"{server.url}/v1", "m", backoff=0.0)


def run(scripted_engine: ScriptedEngine, server: Wire, **fields: Any) -> Json:
    return scripted_engine(model=model(server)).run_stream(**fields)[-1].data


@pytest.mark.parametrize(
    ("steps", "code", "message"),
    [
        ([answer({"error": {"message": "busy"}}, 503)], "server_error", "status 503: busy"),
        ([answer({"error": {"message": "slow down"}}, 429)], "rate_limit_exceeded", "status 429: slow down"),
        (
            [answer({"error": {"message": "too long", "code": "context_length_exceeded"}}, 400)],
            "invalid_prompt",
            "status 400: too long",
        ),
        ([reset()], "server_error", "was lost"),
        ([head(), send(event(chunk({"content": "Half"}))), hang_up()], "server_error", "was lost"),
        ([answering(chunk({"content": "Half"}), done=False)], "server_error", "broke its answer off"),
        ([answering(chunk({"content": "Half"}), {"error": {"message": "no memory"}})], "server_error", "no memory"),
        ([answer(b"<html>", content_type="text/html")], "server_error", "no server of Chat Completions"),
    ],
)
def test_a_server_that_fails(scripted_engine: ScriptedEngine, steps: list[Step], code: str, message: str) -> None:
    with Wire() as server:
        server.add(*steps, times=3)
        ended = run(scripted_engine, server)
    assert (ended["status"], ended["last_error"]["code"]) == ("failed", code)
    assert message in ended["last_error"]["message"]


def test_a_limit_that_passes(scripted_engine: ScriptedEngine) -> None:
    with Wire() as server:
        server.add(answer({"error": "slow"}, 429, headers={"retry-after": "0"}))
        server.add(answering(chunk({"content": "Hi"}, "stop"), usage(7, 2)))
        ended = run(scripted_engine, server)
    assert (ended["status"], ended["usage"]["total_tokens"]) == ("completed", 9)


@pytest.mark.parametrize(
    ("reason", "status", "why"),
    [
        ("length", "incomplete", "max_completion_tokens"),
        ("content_filter", "failed", None),
        ("stop", "completed", None),
    ],
)
def test_reasons(scripted_engine: ScriptedEngine, reason: str, status: str, why: str | None) -> None:
    with Wire() as server:
        server.add(answering(chunk({"content": "Hi"}, reason)))
        ended = run(scripted_engine, server)
    assert ended["status"] == status
    assert ended["incomplete_details"] == (why and {"reason": why})


def test_a_refusal(scripted_engine: ScriptedEngine) -> None:
    with Wire() as server:
        server.add(answering(chunk({"refusal": "I will not."}), chunk(finish="stop")))
        api = scripted_engine(model=model(server))
        ended = api.run_stream()[-1].data
        (message, _) = api.get(f"/threads/{ended['thread_id']}/messages")["data"]
    assert message["content"] == [{"type": "refusal", "refusal": "I will not."}]


@pytest.mark.parametrize("after", [[], [send(event(chunk({"content": "Half"})))]], ids=["before", "within"])
def test_cancelling_a_run_closes_the_connection(scripted_engine: ScriptedEngine, after: list[Step]) -> None:
    with Wire() as server:
        server.add(head(), *after, hang())
        api = scripted_engine(model=model(server))
        created = api.run()
        until(lambda: server.requests)
        api.post(f"{path_of(created)}/cancel")
        assert api.finished(created)["status"] == "cancelled"
        until(lambda: not server.open)


def test_an_engine_that_stops_closes_its_connections(connect: Callable[[Engine], Api]) -> None:
    """And the next one, with the same model, opens its own."""
    with Wire() as server:
        server.add(saying("Hi"), times=4)
        shared = model(server)
        for _ in range(2):
            with Engine(model=shared) as engine:
                api = connect(engine)
                assert [names(api.run_stream())[-1] for _ in range(2)] == ["run.completed"] * 2
                assert len(server.open) == 1
            until(lambda: not server.open)


def test_its_models_are_those_of_the_engine(scripted_engine: ScriptedEngine) -> None:
    with Wire() as server:
        server.add(answer({"data": [{"id": "llama3.1:8b"}]}))
        server.add(answer({"error": {"message": "no"}}, 403))
        api = scripted_engine(model=ChatCompletions(f"{server.url}/v1", models={"gpt-4o": "llama3.1:8b", "*": "x"}))
        assert [model["id"] for model in api.get("/models")["data"]] == ["gpt-4o", "llama3.1:8b"]
        assert "status 403: no" in api.refused("/models", method="GET")[1]


def test_what_a_run_asks_for(scripted_engine: ScriptedEngine) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
    with Wire() as server:
        server.add(saying("{}"))
        run(
            scripted_engine,
            server,
            response_format=wanted,
            tool_choice="required",
            parallel_tool_calls=False,
            temperature=0.2,
            top_p=0.5,
            max_completion_tokens=300,
            reasoning_effort="low",
            additional_messages=[
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x.test/a.png"}}]}
            ],
        )
    (request,) = server.requests
    body = request.body
    assert request.path == PATH
    assert (body["response_format"], body["tool_choice"], body["parallel_tool_calls"]) == (wanted, "required", False)
    assert (body["temperature"], body["top_p"], body["max_tokens"]) == (0.2, 0.5, 300)
    assert body["reasoning_effort"] == "low"
    assert body["messages"][-1]["content"] == [{"type": "image_url", "image_url": {"url": "http://x.test/a.png"}}]
