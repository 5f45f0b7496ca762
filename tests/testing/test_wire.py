from __future__ import annotations

import asyncio

import httpx
import pytest

from assistream.testing import LoggedRequest, ScriptedServer, calls, drops_connection, fails, goes_silent, says, sends

BETA = {"OpenAI-Beta": "assistants=v2"}


def answer(server: ScriptedServer, *, stream: bool = True) -> httpx.Response:
    """The start of a run, as it is on the wire."""
    body = {"assistant_id": server.assistant.id, "stream": stream}
    return httpx.post(f"{server.base_url}/threads/{server.thread().id}/runs", json=body, headers=BETA, timeout=5)


def test_an_answer_passes_as_it_is() -> None:
    with ScriptedServer("Hi there") as server:
        response = answer(server)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["x-request-id"].startswith("req_")
    assert response.text.endswith("event: done\ndata: [DONE]\n\n")
    assert response.text.count("event: thread.message.delta\n") == 2


@pytest.mark.parametrize("after", range(1, 12))
def test_what_was_sent_before_the_end_arrives(after: int) -> None:
    """Whole frames, and not one more, whatever the connection made of them."""
    received = b""
    with ScriptedServer(says("Hi") + drops_connection(after=after)) as server:
        body = {"assistant_id": server.assistant.id, "stream": True}
        path = f"{server.base_url}/threads/{server.thread().id}/runs"
        with httpx.stream("POST", path, json=body, headers=BETA) as response:
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
                for piece in response.iter_raw():
                    received += piece
    assert received.count(b"\n\n") == received.count(b"event: ") == after
    assert received.endswith(b"\n\n")


def test_bytes_are_inserted_as_they_are() -> None:
    with ScriptedServer(says(["Hel"]) + sends(b"nonsense \xff\n\n") + says(["lo"])) as server:
        content = answer(server).content
    before, after = content.split(b"nonsense \xff\n\n")
    assert before.count(b"thread.message.delta\n") == after.count(b"thread.message.delta\n") == 1


def test_a_request_that_fails_leaves_its_connection_usable() -> None:
    with ScriptedServer(fails(429, "Slow down.", headers={"retry-after": "3"}), fails(500), "Hi") as server:
        answers = [answer(server), answer(server), answer(server)]
        assert server.log[-1].body["stream"] is True
    assert [one.status_code for one in answers] == [429, 500, 200]
    assert answers[0].headers["retry-after"] == "3"
    assert answers[0].json()["error"] == {
        "message": "Slow down.",
        "type": "rate_limit_exceeded",
        "param": None,
        "code": None,
    }


def test_only_what_asks_the_model_takes_a_turn() -> None:
    with ScriptedServer(fails(500), calls(f={}), fails(502), "Hi") as server:
        client = server.client()
        thread, assistant = server.thread(), server.assistant
        runs = client.beta.threads.runs
        raw = runs.with_raw_response
        assert answer(server).status_code == 500
        run = runs.create_and_poll(thread.id, assistant_id=assistant.id)
        runs.list(thread.id)
        assert run.required_action
        (asked,) = run.required_action.submit_tool_outputs.tool_calls
        given = {"tool_outputs": [{"tool_call_id": asked.id, "output": "1"}]}
        path = f"{server.base_url}/threads/{thread.id}/runs/{run.id}/submit_tool_outputs"
        assert httpx.post(path, json=given, headers=BETA).status_code == 502
        assert server.outputs == []
        assert httpx.post(path, json=given, headers=BETA).status_code == 200
        assert raw.retrieve(run.id, thread_id=thread.id).status_code == 200


def test_a_run_is_not_held_up_by_a_connection_that_is_gone() -> None:
    with ScriptedServer(says("Hi") + goes_silent() + says("there"), "Again") as server:
        thread, assistant = server.thread(), server.assistant
        body = {"assistant_id": assistant.id, "stream": True}
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{server.base_url}/threads/{thread.id}/runs", json=body, headers=BETA, timeout=0.2)
        server.client().beta.threads.messages.create(thread.id, role="user", content="And now?")
        run = server.client().beta.threads.runs.create_and_poll(thread.id, assistant_id=assistant.id)
        assert run.status == "completed"


def test_a_client_that_leaves_before_its_answer() -> None:
    async def leave() -> None:
        host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /v1/threads/runs HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n{")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    with ScriptedServer("Hi") as server:
        asyncio.run(leave())
        assert "event: thread.run.completed\n" in answer(server).text  # the turn was there again


def test_a_logged_request_without_a_body() -> None:
    assert LoggedRequest("GET", "/v1/threads").body is None
    assert LoggedRequest("POST", "/v1/threads", b'{"a": 1}').body == {"a": 1}
