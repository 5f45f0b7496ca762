"""Stores that assistants and threads get: with them, or for what messages attach."""

from __future__ import annotations

import pytest

from assistream.engine import Scripted, calls
from assistream.engine.vector_stores import indexing
from tests.engine.conftest import FUNCTION, Api, Json, ScriptedEngine
from tests.engine.vector_stores.gate import Gate
from tests.engine.vector_stores.shelf import Shelf, settled

SEARCH: Json = {"type": "file_search"}
WEEK: Json = {"anchor": "last_active_at", "days": 7}


def attaching(*file_ids: str, tool: str = "file_search") -> Json:
    attachments = [{"file_id": id, "tools": [{"type": tool}]} for id in file_ids]
    return {"role": "user", "content": "Read this.", "attachments": attachments}


def stores_of(document: Json) -> list[str]:
    ids: list[str] = document["tool_resources"].get("file_search", {}).get("vector_store_ids", [])
    return ids


def files_in(api: Api, store_id: str) -> set[str]:
    settled(api, f"/vector_stores/{store_id}")
    return {file["id"] for file in api.get(f"/vector_stores/{store_id}/files")["data"]}


def store_of(api: Api, thread_id: str) -> str:
    [id] = stores_of(api.get(f"/threads/{thread_id}"))
    return id


@pytest.fixture
def files(api: Api) -> list[str]:
    return [api.upload(text.encode(), f"{text}.txt")["id"] for text in ("one", "two", "three")]


def test_an_assistant_with_a_store_of_its_own(api: Api, files: list[str]) -> None:
    static = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
    new = {"file_ids": files[:2], "metadata": {"a": "b"}, "chunking_strategy": static}
    assistant = api.assistant(tools=[SEARCH], tool_resources={"file_search": {"vector_stores": [new]}})
    [id] = stores_of(assistant)
    assert assistant["tool_resources"] == {"file_search": {"vector_store_ids": [id]}}
    assert api.get(f"/assistants/{assistant['id']}") == assistant
    assert files_in(api, id) == set(files[:2])
    store = api.get(f"/vector_stores/{id}")
    assert (store["expires_after"], store["metadata"]) == (None, {"a": "b"})
    assert api.get(f"/vector_stores/{id}/files")["data"][0]["chunking_strategy"] == static


def test_a_thread_with_a_store_of_its_own(api: Api, files: list[str]) -> None:
    thread = api.post("/threads", {"tool_resources": {"file_search": {"vector_stores": [{"file_ids": files}]}}})
    [id] = stores_of(thread)
    assert api.get(f"/vector_stores/{id}")["expires_after"] == WEEK
    assert files_in(api, id) == set(files)


def test_what_messages_attach_is_in_the_store_of_the_thread(api: Api, files: list[str]) -> None:
    thread = api.post("/threads", {"messages": [attaching(files[0])]})
    id = store_of(api, thread["id"])
    assert stores_of(thread) == [id]
    assert api.get(f"/vector_stores/{id}")["expires_after"] == WEEK
    api.post(f"/threads/{thread['id']}/messages", attaching(files[1], files[0]))
    assert store_of(api, thread["id"]) == id
    assert files_in(api, id) == set(files[:2])


def test_a_thread_without_a_store_gets_one_with_its_first_attachment(api: Api, files: list[str]) -> None:
    thread = api.post("/threads", {"metadata": {"a": "b"}})
    assert thread["tool_resources"] == {}
    api.post(f"/threads/{thread['id']}/messages", attaching(files[0], tool="code_interpreter"))
    assert stores_of(api.get(f"/threads/{thread['id']}")) == []
    api.post(f"/threads/{thread['id']}/messages", attaching(files[0]))
    assert files_in(api, store_of(api, thread["id"])) == {files[0]}
    assert api.get(f"/threads/{thread['id']}")["metadata"] == {"a": "b"}


def test_a_store_that_was_given_is_extended(api: Api, files: list[str]) -> None:
    shelf = Shelf(api)
    given = {"tool_resources": {"file_search": {"vector_store_ids": [shelf.id]}}}
    thread = api.post("/threads", given | {"messages": [attaching(files[0])]})
    assert stores_of(thread) == [shelf.id]
    assert files_in(api, shelf.id) == {files[0]}
    assert shelf.now["expires_after"] is None


def test_new_stores_and_attachments_together(api: Api, files: list[str]) -> None:
    resources = {"file_search": {"vector_stores": [{"file_ids": files[:1]}]}}
    thread = api.post("/threads", {"tool_resources": resources, "messages": [attaching(files[1])]})
    assert files_in(api, store_of(api, thread["id"])) == set(files[:2])


def test_a_store_that_was_deleted_gets_a_successor(api: Api, files: list[str]) -> None:
    thread = api.post("/threads", {"messages": [attaching(files[0])]})
    old = store_of(api, thread["id"])
    api.delete(f"/vector_stores/{old}")
    api.post(f"/threads/{thread['id']}/messages", attaching(files[1]))
    assert store_of(api, thread["id"]) != old
    assert files_in(api, store_of(api, thread["id"])) == {files[1]}


def test_the_successor_of_an_expired_store_has_its_files(
    api: Api, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = api.post("/threads", {"messages": [attaching(files[0])]})
    old = store_of(api, thread["id"])
    late = api.get(f"/vector_stores/{old}")["expires_at"]
    monkeypatch.setattr("assistream.engine.vector_stores.objects.now", lambda: late)
    api.post(f"/threads/{thread['id']}/messages", attaching(files[1]))
    assert store_of(api, thread["id"]) != old
    assert files_in(api, store_of(api, thread["id"])) == set(files[:2])


def test_runs_bring_attachments(api: Api, files: list[str]) -> None:
    assistant = api.assistant()
    asked: Json = {"assistant_id": assistant["id"], "thread": {"messages": [attaching(files[0])]}}
    run = api.finished(api.post("/threads/runs", asked))
    id = store_of(api, run["thread_id"])
    api.run({"id": run["thread_id"]}, additional_messages=[attaching(files[1])])
    assert store_of(api, run["thread_id"]) == id
    assert files_in(api, id) == set(files[:2])
    events = api.stream("/threads/runs", asked)
    assert stores_of(events[0].data) == [store_of(api, events[0].data["id"])]


def test_a_run_that_is_refused_attaches_nothing(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Scripted([calls(f={})]))
    file_id = api.upload()["id"]
    run = api.waiting_run()
    asked = {"assistant_id": run["assistant_id"], "additional_messages": [attaching(file_id)]}
    assert api.refused(f"/threads/{run['thread_id']}/runs", asked)[0] == 400
    assert stores_of(api.get(f"/threads/{run['thread_id']}")) == []
    assert api.get("/vector_stores")["data"] == []


@pytest.mark.parametrize(
    "path", ["/assistants", "/assistants/{assistant}", "/threads", "/threads/{thread}", "/threads/runs"]
)
def test_stores_that_are_not_there(api: Api, path: str) -> None:
    ids = {"assistant": api.assistant()["id"], "thread": api.thread()["id"]}
    body: Json = {"tool_resources": {"file_search": {"vector_store_ids": ["vs_gone"]}}}
    if path == "/assistants":
        body["model"] = "any"
    if path == "/threads/runs":
        body["assistant_id"] = ids["assistant"]
    assert api.refused(path.format(**ids), body) == (404, "No vector store found with id 'vs_gone'.")


def test_what_only_looks_like_a_store(api: Api) -> None:
    parameters = {"type": "object", "vector_store_ids": ["vs_gone"], "file_search": {"vector_store_ids": ["vs_gone"]}}
    tools = [{"type": "function", "function": FUNCTION["function"] | {"parameters": parameters}}]
    assert api.assistant(tools=tools)["tools"] == tools


def test_version_1_has_its_files_searched(api: Api, files: list[str]) -> None:
    """Those of an assistant with the tool ``retrieval``, which version 2 sees in a store."""
    old = api.v1()
    made = old.post("/assistants", {"model": "any", "tools": [{"type": "retrieval"}], "file_ids": files[:1]})
    assert "tool_resources" not in made
    path = f"/assistants/{made['id']}"
    [id] = stores_of(api.get(path))
    assert files_in(api, id) == {files[0]}
    old.post(f"{path}/files", {"file_id": files[1]})
    assert files_in(api, id) == set(files[:2])
    old.delete(f"{path}/files/{files[0]}")
    assert files_in(api, id) == {files[1]}
    old.post(path, {"file_ids": [files[2]]})
    assert files_in(api, id) == {files[2]}
    assert stores_of(api.get(path)) == [id]


def test_retrieval_that_version_1_adds_later(api: Api, files: list[str]) -> None:
    old = api.v1()
    made = old.post("/assistants", {"model": "any", "file_ids": files[:2]})
    assert stores_of(api.get(f"/assistants/{made['id']}")) == []
    old.post(f"/assistants/{made['id']}", {"tools": [{"type": "retrieval"}]})
    [id] = stores_of(api.get(f"/assistants/{made['id']}"))
    assert files_in(api, id) == set(files[:2])


def test_messages_of_version_1_are_searched(api: Api, files: list[str]) -> None:
    thread = api.v1().post("/threads", {"messages": [{"role": "user", "content": "Hi", "file_ids": files[:1]}]})
    assert files_in(api, store_of(api, thread["id"])) == {files[0]}


def test_what_failed_is_tried_again_when_it_is_attached_again(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = scripted_engine("Hi")
    file_id = api.upload(b"Words")["id"]

    async def broken(*arguments: object) -> int:
        raise KeyError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(indexing, "filed", broken)
        thread = api.post("/threads", {"messages": [attaching(file_id)]})
        path = f"/vector_stores/{store_of(api, thread['id'])}/files/{file_id}"
        assert settled(api, path)["status"] == "failed"
    attributes = api.post(path, {"attributes": {"n": 1}})["attributes"]
    api.post(f"/threads/{thread['id']}/messages", attaching(file_id))
    again = settled(api, path)
    assert (again["status"], again["last_error"], again["attributes"]) == ("completed", None, attributes)


def test_what_was_cancelled_is_tried_again_when_it_is_attached(scripted_engine: ScriptedEngine) -> None:
    gate = Gate()
    api = scripted_engine("Hi", embeddings=gate)
    shelf = Shelf(api)
    file_id = api.upload(b"wait")["id"]
    batch = api.post(f"{shelf.path}/file_batches", {"file_ids": [file_id]})
    api.post(f"{shelf.path}/file_batches/{batch['id']}/cancel")
    assert shelf.files()[0]["status"] == "cancelled"
    gate.opened.set()
    resources = {"file_search": {"vector_store_ids": [shelf.id]}}
    api.post("/threads", {"tool_resources": resources, "messages": [attaching(file_id)]})
    assert settled(api, f"{shelf.path}/files/{file_id}")["status"] == "completed"
    assert api.get(f"{shelf.path}/file_batches/{batch['id']}")["file_counts"]["cancelled"] == 1


def test_what_a_message_attaches_is_not_cancelled_with_a_batch(scripted_engine: ScriptedEngine) -> None:
    gate = Gate()
    api = scripted_engine("Hi", embeddings=gate)
    shelf = Shelf(api)
    file_id = api.upload(b"wait")["id"]
    batch = api.post(f"{shelf.path}/file_batches", {"file_ids": [file_id]})
    resources = {"file_search": {"vector_store_ids": [shelf.id]}}
    api.post("/threads", {"tool_resources": resources, "messages": [attaching(file_id)]})
    assert api.post(f"{shelf.path}/file_batches/{batch['id']}/cancel")["status"] == "cancelled"
    gate.opened.set()
    assert settled(api, f"{shelf.path}/files/{file_id}")["status"] == "completed"
