"""What lists refuse, whatever they list."""

from __future__ import annotations

import pytest

from tests.engine.conftest import Api, ScriptedEngine


@pytest.mark.parametrize(
    ("query", "status", "code", "text"),
    [
        (
            "limit=101",
            400,
            "integer_above_max_value",
            "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
        ),
        (
            "limit=0",
            400,
            "integer_below_min_value",
            "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        ),
        (
            "limit=many",
            400,
            "invalid_type",
            "Invalid type for 'limit': expected an integer, but got a string instead.",
        ),
        ("order=up", 400, "invalid_value", "Invalid value: 'up'. Supported values are: 'asc' and 'desc'."),
        (
            f"limit={10**40}",
            400,
            "integer_above_max_value",
            f"Invalid 'limit': integer above maximum value. Expected a value <= 100, but got {10**40} instead.",
        ),
        ("after=%00", 404, None, "No assistant found with id '\x00'."),
        ("after=asst_x", 404, None, "No assistant found with id 'asst_x'."),
    ],
)
def test_queries(api: Api, query: str, status: int, code: str | None, text: str) -> None:
    response = api.client.get(f"/assistants?{query}")
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["message"]) == (status, code, text)


def test_what_is_not_asked_for_is_no_error(api: Api) -> None:
    assert api.client.get("/assistants?colour=blue").status_code == 200


def test_an_empty_cursor_is_none(api: Api) -> None:
    assert api.client.get("/assistants?after=&before=").status_code == 200


@pytest.mark.parametrize(
    ("path", "name", "prefix"),
    [
        ("/assistants/undefined", "assistant", "asst"),
        ("/threads/undefined", "thread", "thread"),
        ("/threads/undefined/messages", "thread", "thread"),
        ("/threads/{thread}/messages/undefined", "message", "msg"),
        ("/threads/{thread}/runs/undefined", "run", "run"),
        ("/threads/{thread}/runs/{run}/steps/undefined", "step", "step"),
    ],
)
def test_what_is_no_id(api: Api, path: str, name: str, prefix: str) -> None:
    run = api.run_stream()[-1].data
    refused = api.refused(path.format(thread=run["thread_id"], run=run["id"]), method="GET")
    assert refused == (400, f"Invalid '{name}_id': 'undefined'. Expected an ID that begins with '{prefix}'.")


@pytest.mark.parametrize("id", ["thread_%00", "thread_%ff", "thread_%2e%2e", "thread_'\";--", "thread_" + "x" * 4000])
def test_strange_ids_are_of_nothing(api: Api, id: str) -> None:
    assert api.refused(f"/threads/{id}", method="GET")[0] == 404


def test_strange_texts_are_kept_as_they_are(api: Api) -> None:
    text = "\x00\u2028\x7f\U0001f600\ufffe"
    made = api.assistant(name=text, instructions=text, metadata={text: text})
    assert api.get(f"/assistants/{made['id']}") == made
    assert (made["name"], made["metadata"]) == (text, {text: text})


def test_a_body_that_is_too_large(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine("Hi", max_body=1000)
    fits = b'{"metadata": {}}'.ljust(1000)
    assert api.client.post("/threads", content=fits).status_code == 200
    response = api.client.post("/threads", content=iter([fits, b" "]))
    error = response.json()["error"]
    text = "Maximum content size limit (1000) exceeded (1001 bytes read)"
    assert (response.status_code, error["message"]) == (413, text)
    assert api.client.post("/threads", content=b" " * 10_000_000).status_code == 413
    assert api.client.get("/threads").status_code == 200
