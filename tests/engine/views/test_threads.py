from __future__ import annotations

from assistream import Client
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


def test_lists(api: Api) -> None:
    ids = [api.thread()["id"] for _ in range(3)]
    page = api.get("/threads", limit=2)
    assert ([one["id"] for one in page["data"]], page["has_more"]) == (ids[:0:-1], True)
    assert [one["id"] for one in api.v1().get("/threads", after=ids[1])["data"]] == ids[:1]
    assert "tool_resources" not in api.v1().get("/threads")["data"][0]


def test_the_client_lists_them() -> None:
    with Client.embedded() as client:
        made = [client.beta.threads.create().id for _ in range(3)]
        assert [thread.id for thread in client.beta.threads.list(limit=2, order="asc")] == made
