from __future__ import annotations

from tests.engine.conftest import Api, Json


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
