from __future__ import annotations

import pytest

from assistream import Client
from tests.engine.conftest import Api, Json
from tests.engine.published import conforms


@pytest.fixture
def old(api: Api) -> Api:
    return api.v1()


def assistant(old: Api, *files: str) -> Json:
    return old.post("/assistants", {"model": "any", "tools": [{"type": "retrieval"}], "file_ids": list(files)})


def ids(page: Json) -> list[str]:
    conforms("v1", page)
    return [one["id"] for one in page["data"]]


def test_files_of_an_assistant(old: Api) -> None:
    first, second = old.upload()["id"], old.upload()["id"]
    made = assistant(old, first)
    path = f"/assistants/{made['id']}/files"
    file = old.post(path, {"file_id": second})
    assert (file["id"], file["object"], file["assistant_id"]) == (second, "assistant.file", made["id"])
    assert old.post(path, {"file_id": second}) == old.get(f"{path}/{second}") == file
    conforms("v1", file)
    assert ids(old.get(path)) == [second, first]
    assert old.get(f"/assistants/{made['id']}")["file_ids"] == [first, second]
    gone = old.delete(f"{path}/{first}")
    assert gone == {"id": first, "object": "assistant.file.deleted", "deleted": True}
    assert old.get(f"/assistants/{made['id']}")["file_ids"] == [second]
    assert old.refused(f"{path}/{first}", method="GET") == (404, f"No file found with id '{first}'.")
    assert old.get(f"/files/{first}")["id"] == first


def test_pages(old: Api) -> None:
    a, b, c, d = (old.upload()["id"] for _ in range(4))
    path = f"/assistants/{assistant(old, a, b, c, d)['id']}/files"
    pages: list[tuple[Json, list[str], bool]] = [
        ({"order": "asc"}, [a, b, c, d], False),
        ({"limit": 2}, [d, c], True),
        ({"limit": 2, "after": c}, [b, a], False),
        ({"order": "asc", "limit": 1, "after": a}, [b], True),
        ({"order": "asc", "limit": 2, "before": d}, [b, c], True),
        ({"order": "asc", "limit": 9, "after": a, "before": d}, [b, c], False),
        ({"after": a}, [], False),
    ]
    for query, found, more in pages:
        page = old.get(path, **query)
        assert (ids(page), page["has_more"]) == (found, more), query
    assert old.refused(f"{path}?after=file-x", method="GET") == (404, "No file found with id 'file-x'.")
    assert old.refused(f"{path}?limit=0", method="GET")[0] == 400


def test_an_assistant_has_twenty_files_at_most(old: Api) -> None:
    files = [old.upload()["id"] for _ in range(21)]
    path = f"/assistants/{assistant(old, *files[:20])['id']}/files"
    status, text = old.refused(path, {"file_id": files[20]})
    assert (status, text[:33]) == (400, "Invalid 'file_ids': array too lon")


def test_a_file_that_is_not_there(old: Api) -> None:
    path = f"/assistants/{assistant(old)['id']}/files"
    assert old.refused(path, {"file_id": "file-x"}) == (404, "No file found with id 'file-x'.")
    assert old.refused(path, {}) == (400, "Missing required parameter: 'file_id'.")
    assert old.refused("/assistants/asst_x/files", {"file_id": "file-x"})[1] == "No assistant found with id 'asst_x'."


def test_files_of_a_message(old: Api) -> None:
    file = old.upload()["id"]
    thread = old.post("/threads", {"messages": [{"role": "user", "content": "Hi", "file_ids": [file]}]})
    [message] = old.get(f"/threads/{thread['id']}/messages")["data"]
    path = f"/threads/{thread['id']}/messages/{message['id']}/files"
    assert ids(old.get(path)) == [file]
    one = old.get(f"{path}/{file}")
    assert (one["message_id"], one["created_at"]) == (message["id"], message["created_at"])
    assert old.refused(f"{path}/file-x", method="GET")[0] == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/assistants/asst_1/files"),
        ("POST", "/assistants/asst_1/files"),
        ("GET", "/assistants/asst_1/files/file-1"),
        ("DELETE", "/assistants/asst_1/files/file-1"),
        ("GET", "/threads/thread_1/messages/msg_1/files"),
        ("GET", "/threads/thread_1/messages/msg_1/files/file-1"),
    ],
)
def test_version_2_has_none_of_this(api: Api, method: str, path: str) -> None:
    assert api.refused(path, method=method) == (404, f"Invalid URL ({method} /v1{path})")


def test_with_the_client() -> None:
    with Client.embedded() as client:
        file = client.files.create(file=("a.txt", b"x"), purpose="assistants")
        made = client.beta.assistants.create(model="any")
        files = client.beta.assistants.files
        assert files.create(made.id, file_id=file.id) == files.retrieve(file.id, assistant_id=made.id)
        assert [one.id for one in files.list(made.id)] == [file.id]
        assert files.delete(file.id, assistant_id=made.id).deleted
        assert list(files.list(made.id)) == []
