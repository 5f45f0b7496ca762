from __future__ import annotations

import threading

from assistream.engine import says, waits_for
from tests.engine.conftest import Api, Json, ScriptedEngine


def texts(messages: Json) -> list[str]:
    return [message["content"][0]["text"]["value"] for message in messages["data"]]


def test_create_and_retrieve(api: Api) -> None:
    path = f"/threads/{api.thread()['id']}/messages"
    made = api.post(path, {"role": "user", "content": "Hello", "metadata": {"a": "b"}})
    assert made["content"] == [{"type": "text", "text": {"value": "Hello", "annotations": []}}]
    assert (made["role"], made["status"], made["metadata"], made["run_id"]) == ("user", "completed", {"a": "b"}, None)
    assert api.get(f"{path}/{made['id']}") == made


def test_the_newest_comes_first(api: Api) -> None:
    path = f"/threads/{api.thread('1', '2', '3')['id']}/messages"
    assert texts(api.get(path)) == ["3", "2", "1"]
    assert texts(api.get(path, order="asc", limit=2)) == ["1", "2"]


def test_messages_of_one_run(api: Api) -> None:
    thread = api.thread("Hi")
    runs = [api.run_stream(thread)[-1].data["id"] for _ in range(2)]
    found = api.get(f"/threads/{thread['id']}/messages", run_id=runs[0])["data"]
    assert [message["run_id"] for message in found] == runs[:1]


def test_of_another_thread(api: Api) -> None:
    path = f"/threads/{api.thread('Hi')['id']}/messages"
    id = api.get(path)["data"][0]["id"]
    refused = api.refused(f"/threads/{api.thread()['id']}/messages/{id}", method="GET")
    assert refused == (404, f"No message found with id '{id}'.")


def test_in_no_thread(api: Api) -> None:
    refused = api.refused("/threads/thread_x/messages", {"role": "user", "content": "Hi"})
    assert refused == (404, "No thread found with id 'thread_x'.")


def test_update(api: Api) -> None:
    path = f"/threads/{api.thread('Hi')['id']}/messages"
    [message] = api.get(path)["data"]
    changed = api.post(f"{path}/{message['id']}", {"metadata": {"a": "b"}})
    assert changed == api.get(f"{path}/{message['id']}") == message | {"metadata": {"a": "b"}}
    assert api.refused(f"{path}/msg_x", {"metadata": {}}) == (404, "No message found with id 'msg_x'.")
    assert api.refused(f"{path}/{message['id']}", {"content": "x"}) == (400, "Unknown parameter: 'content'.")


def test_delete(api: Api) -> None:
    path = f"/threads/{api.thread('1', '2')['id']}/messages"
    id = api.get(path)["data"][0]["id"]
    assert api.delete(f"{path}/{id}") == {"id": id, "object": "thread.message.deleted", "deleted": True}
    assert texts(api.get(path)) == ["1"]
    for method in ("GET", "POST", "DELETE"):
        assert api.refused(f"{path}/{id}", method=method) == (404, f"No message found with id '{id}'.")


def test_version_1_deletes_none(api: Api) -> None:
    path = f"/threads/{api.thread('1')['id']}/messages"
    id = api.get(path)["data"][0]["id"]
    refused = api.v1().refused(f"{path}/{id}", method="DELETE")
    assert refused == (404, f"Invalid URL (DELETE /v1{path}/{id})")


def test_a_message_that_a_run_is_writing_can_go(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(says("Hello") + waits_for(go_on) + says(" there"))
    run = api.run()
    path = f"/threads/{run['thread_id']}/messages"
    while len(found := api.get(path)["data"]) < 2:
        pass
    api.delete(f"{path}/{found[0]['id']}")
    go_on.set()
    assert api.finished(run)["status"] == "completed"
    assert len(api.get(path)["data"]) == 1


def test_attachments(api: Api) -> None:
    path, file = f"/threads/{api.thread()['id']}/messages", api.upload()["id"]
    attached = [{"file_id": file, "tools": [{"type": "file_search"}]}]
    message = {"role": "user", "content": "Hi"}
    made = api.post(path, message | {"attachments": attached})
    assert made["attachments"] == attached
    refused = api.refused(path, message | {"attachments": [{"file_id": file}]})
    assert refused == (400, "Missing required parameter: 'attachments[0].tools'.")
    empty = "Invalid 'content': empty array. Expected an array with minimum length 1, but got an empty array instead."
    assert api.refused(path, message | {"content": []}) == (400, empty)
