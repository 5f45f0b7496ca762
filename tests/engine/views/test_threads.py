from __future__ import annotations

from tests.engine.conftest import Api


def test_create_and_retrieve(api: Api) -> None:
    made = api.post("/threads", {"metadata": {"a": "b"}})
    assert made["id"].startswith("thread_")
    assert (made["object"], made["tool_resources"], made["metadata"]) == ("thread", {}, {"a": "b"})
    assert api.get(f"/threads/{made['id']}") == made


def test_with_messages(api: Api) -> None:
    thread = api.thread("first", "second")
    data = api.get(f"/threads/{thread['id']}/messages", order="asc")["data"]
    assert [message["content"][0]["text"]["value"] for message in data] == ["first", "second"]
    assert "messages" not in thread


def test_update(api: Api) -> None:
    made = api.thread()
    changed = api.post(f"/threads/{made['id']}", {"metadata": {"a": "b"}})
    assert changed == made | {"metadata": {"a": "b"}}
    assert api.get(f"/threads/{made['id']}") == changed


def test_delete(api: Api) -> None:
    thread = api.thread("Hello")
    id = thread["id"]
    api.run_stream(thread)
    assert api.delete(f"/threads/{id}") == {"id": id, "object": "thread.deleted", "deleted": True}
    gone = (404, f"No thread found with id '{id}'.")
    for method, path in [("GET", ""), ("POST", ""), ("DELETE", ""), ("GET", "/messages"), ("GET", "/runs")]:
        assert api.refused(f"/threads/{id}{path}", method=method) == gone
