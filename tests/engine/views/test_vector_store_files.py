from __future__ import annotations

import pytest

from tests.engine.conftest import Api, Json, ScriptedEngine
from tests.engine.vector_stores.gate import Gate
from tests.engine.vector_stores.shelf import Shelf, settled


def test_a_file_in_a_store(api: Api) -> None:
    shelf = Shelf(api)
    file_id = api.upload(b"# Apples\n\nThey are red.", "a.md")["id"]
    added = api.post(
        f"{shelf.path}/files", {"file_id": file_id, "attributes": {"n": 1, "x": 1.5, "ok": True, "s": "t"}}
    )
    assert (added["id"], added["object"], added["vector_store_id"]) == (file_id, "vector_store.file", shelf.id)
    assert (added["status"], added["last_error"], added["usage_bytes"]) == ("in_progress", None, 0)
    path = f"{shelf.path}/files/{file_id}"
    done = settled(api, path)
    assert (done["status"], done["usage_bytes"]) == ("completed", 23)
    assert done["attributes"] == {"n": 1, "x": 1.5, "ok": True, "s": "t"}
    assert isinstance(done["attributes"]["n"], int)
    assert done["chunking_strategy"]["static"] == {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}
    assert api.get(f"{path}/content") == {
        "object": "vector_store.file_content.page",
        "data": [{"type": "text", "text": "# Apples\n\nThey are red."}],
        "has_more": False,
        "next_page": None,
    }
    assert api.post(path, {"attributes": {"n": 2}}) == done | {"attributes": {"n": 2}}
    assert api.post(path, {"attributes": None})["attributes"] == {}
    assert api.delete(path) == {"id": file_id, "object": "vector_store.file.deleted", "deleted": True}
    absent = (404, f"No file found with id '{file_id}'.")
    for method, below in [("GET", ""), ("POST", ""), ("DELETE", ""), ("GET", "/content")]:
        body: Json = {"attributes": {}} if method == "POST" else {}
        assert api.refused(path + below, body, method=method) == absent
    assert api.get(f"/files/{file_id}")["filename"] == "a.md"
    assert shelf.search("apples") == []


def test_content_is_the_whole_text_whatever_chunks_share(api: Api) -> None:
    shelf = Shelf(api)
    text = " ".join(f"Sentence number {number} says something." for number in range(900))
    sizes = {"max_chunk_size_tokens": 120, "chunk_overlap_tokens": 60}
    file = shelf.put(text, chunking_strategy={"type": "static", "static": sizes})
    pieces = [each["text"] for each in api.get(f"{shelf.path}/files/{file['id']}/content")["data"]]
    assert len(pieces) > 50
    assert "".join(pieces) == text
    assert file["usage_bytes"] > 1.5 * len(text)
    hits = shelf.search("number 450")
    assert "Sentence number 450 " in hits[0]["content"][0]["text"]
    assert all(len(hit["content"][0]["text"]) <= 120 * 4 for hit in hits)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (bytes(range(256)) * 20, "a.bin", "unsupported_file"),
        (b"%PDF-1.7\nbroken", "a.pdf", "invalid_file"),
        (b"  \n\n ", "a.txt", "invalid_file"),
        (b"PK\x03\x04 no archive", "a.docx", "invalid_file"),
    ],
)
def test_what_cannot_be_read_fails_alone(api: Api, content: bytes, name: str, code: str) -> None:
    shelf = Shelf(api)
    failed = shelf.put(content, name)
    assert (failed["status"], failed["last_error"]["code"], failed["usage_bytes"]) == ("failed", code, 0)
    assert failed["last_error"]["message"]
    path = f"{shelf.path}/files/{failed['id']}/content"
    text = f"The content of file {failed['id']} cannot be read: its status is 'failed'."
    assert api.refused(path, method="GET") == (400, text)
    shelf.put("Readable.", "b.txt")
    assert shelf.names("readable") == ["b.txt"]
    counts = shelf.now["file_counts"]
    assert (counts["failed"], counts["completed"], shelf.now["status"]) == (1, 1, "completed")


def test_lists(api: Api) -> None:
    shelf = Shelf(api)
    ids = [shelf.put(f"File {number}")["id"] for number in range(3)]
    bad = shelf.put(b"\0" * 5000, "a.bin")["id"]
    assert [file["id"] for file in shelf.files()] == [bad, *ids[::-1]]
    assert [file["id"] for file in shelf.files(order="asc", after=ids[0], limit=2)] == ids[1:]
    assert [file["id"] for file in shelf.files(filter="failed")] == [bad]
    assert [file["id"] for file in shelf.files(filter="completed", order="asc", after=ids[0])] == ids[1:]
    assert shelf.files(filter="in_progress") == []
    # It was in such a list once, where the next page began.
    assert [file["id"] for file in shelf.files(filter="completed", after=bad)] == ids[::-1]
    assert api.refused(f"{shelf.path}/files?filter=done", method="GET")[0] == 400
    assert api.refused(f"{shelf.path}/files?after=file-x", method="GET") == (404, "No file found with id 'file-x'.")


def test_one_file_in_several_stores(api: Api) -> None:
    first, second = Shelf(api), Shelf(api)
    file = first.put("Shared words.", attributes={"in": "first"})
    second.add(file["id"], attributes={"in": "second"})
    assert [hit["attributes"] for hit in first.search("shared") + second.search("shared")] == [
        {"in": "first"},
        {"in": "second"},
    ]
    api.delete(f"{first.path}/files/{file['id']}")
    assert (first.search("shared"), second.names("shared")) == ([], ["a.txt"])


def test_a_file_that_is_added_twice_is_there_once(api: Api) -> None:
    shelf = Shelf(api)
    file = shelf.put("Words, and words.", attributes={"n": 1})
    again = api.post(f"{shelf.path}/files", {"file_id": file["id"], "attributes": {"n": 2}})
    assert again == file | {"attributes": {"n": 2}}
    assert (len(shelf.files()), len(shelf.search("words")), shelf.now["file_counts"]["total"]) == (1, 1, 1)
    sizes = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}
    chunking: Json = {"type": "static", "static": sizes}
    other = api.post(f"{shelf.path}/files", {"file_id": file["id"], "chunking_strategy": chunking})
    assert (other["status"], other["chunking_strategy"]) == ("in_progress", chunking)
    assert settled(api, f"{shelf.path}/files/{file['id']}")["status"] == "completed"
    assert len(shelf.search("words")) == 1


def test_what_is_not_said_when_a_file_is_added_again_stays(api: Api) -> None:
    shelf = Shelf(api)
    static: Json = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
    file = shelf.put("Words", attributes={"n": 1}, chunking_strategy=static)
    assert api.post(f"{shelf.path}/files", {"file_id": file["id"]}) == file
    assert api.post(f"{shelf.path}/files", {"file_id": file["id"], "attributes": {}})["attributes"] == {}
    again = shelf.add(file["id"], chunking_strategy={"type": "auto"})
    assert again["chunking_strategy"]["static"]["max_chunk_size_tokens"] == 800


def test_the_content_of_an_expired_store_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(api, expires_after={"anchor": "last_active_at", "days": 1})
    file = shelf.put("Words")
    late = shelf.now["expires_at"]
    monkeypatch.setattr("assistream.engine.vector_stores.objects.now", lambda: late)
    refused = api.refused(f"{shelf.path}/files/{file['id']}/content", method="GET")
    assert refused == (400, f"Vector store {shelf.id} is expired.")
    assert shelf.now["usage_bytes"] == 0


def test_a_file_that_is_deleted_is_gone_from_all_stores(api: Api) -> None:
    first, second = Shelf(api), Shelf(api)
    file = first.put("Shared words.")
    second.add(file["id"])
    api.delete(f"/files/{file['id']}")
    for shelf in (first, second):
        assert (shelf.files(), shelf.search("shared"), shelf.now["file_counts"]["total"]) == ([], [], 0)


def test_what_happens_while_a_file_is_indexed(scripted_engine: ScriptedEngine) -> None:
    """Its place in the store, the file itself, the whole store may go."""
    gate = Gate()
    api = scripted_engine("Hi", embeddings=gate)
    shelf, gone = Shelf(api), Shelf(api)
    ids = [api.upload(f"wait {number}".encode())["id"] for number in range(3)]
    for file_id in ids:
        api.post(f"{shelf.path}/files", {"file_id": file_id})
    api.post(f"{gone.path}/files", {"file_id": ids[0]})
    assert gate.reached.wait(10)
    api.delete(f"{shelf.path}/files/{ids[0]}")
    api.delete(f"/files/{ids[1]}")
    api.delete(gone.path)
    assert shelf.now["file_counts"]["in_progress"] == 1
    gate.opened.set()
    assert settled(api, shelf.path)["file_counts"]["completed"] == 1
    assert [file["id"] for file in shelf.files()] == [ids[2]]
    assert api.get(f"/files/{ids[0]}")["bytes"] == 6


def test_a_file_that_is_taken_out_and_put_in_again_while_it_is_indexed(scripted_engine: ScriptedEngine) -> None:
    gate = Gate()
    api = scripted_engine("Hi", embeddings=gate)
    shelf = Shelf(api)
    file_id = api.upload(b"wait for it")["id"]
    for attributes in ({"n": 1}, {"n": 2}):
        api.post(f"{shelf.path}/files", {"file_id": file_id, "attributes": attributes})
        assert gate.reached.wait(10)
        if attributes == {"n": 1}:
            api.delete(f"{shelf.path}/files/{file_id}")
    gate.opened.set()
    assert settled(api, f"{shelf.path}/files/{file_id}")["attributes"] == {"n": 2}
    assert len(shelf.search("wait")) == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Missing required parameter: 'file_id'."),
        ({"file_id": "file-x"}, "No file found with id 'file-x'."),
        ({"file_id": "x"}, "Invalid 'file_id': 'x'. Expected an ID that begins with 'file'."),
        (
            {"file_id": "file-x", "attributes": {"a": None}},
            "Invalid type for 'attributes.a': expected a string, a number",
        ),
        (
            {"file_id": "file-x", "attributes": {"a": []}},
            "Invalid type for 'attributes.a': expected a string, a number",
        ),
        ({"file_id": "file-x", "attributes": {"a": "x" * 513}}, "Invalid 'attributes.a': string too long."),
        ({"file_id": "file-x", "attributes": {"x" * 65: 1}}, "Invalid property name in 'attributes'"),
        (
            {"file_id": "file-x", "attributes": {str(n): n for n in range(17)}},
            "Invalid 'attributes': too many properties.",
        ),
        ({"file_id": "file-x", "attributes": []}, "Invalid type for 'attributes': expected an object"),
    ],
)
def test_what_is_refused(api: Api, body: Json, text: str) -> None:
    shelf = Shelf(api)
    assert text in api.refused(f"{shelf.path}/files", body)[1]
    assert shelf.files() == []


def test_attributes_that_are_refused(api: Api) -> None:
    shelf = Shelf(api)
    path = f"{shelf.path}/files/{shelf.put('Words')['id']}"
    assert api.refused(path)[1] == "Missing required parameter: 'attributes'."
    assert api.refused(path, {"attributes": {}, "file_id": "x"})[1] == "Unknown parameter: 'file_id'."
