from __future__ import annotations

import pytest

from assistream.engine.vector_stores import indexing
from tests.engine.conftest import Api, Json, ScriptedEngine
from tests.engine.vector_stores.gate import Gate
from tests.engine.vector_stores.shelf import Shelf, settled


def test_a_batch(api: Api) -> None:
    shelf = Shelf(api)
    ids = [api.upload(f"Text {number}".encode(), f"{number}.txt")["id"] for number in range(3)]
    bad = api.upload(b"\0" * 5000, "a.bin")["id"]
    made = api.post(f"{shelf.path}/file_batches", {"file_ids": [*ids, bad], "attributes": {"n": 1}})
    assert made["id"].startswith("vsfb_")
    assert (made["object"], made["vector_store_id"]) == ("vector_store.files_batch", shelf.id)
    assert (made["status"], made["file_counts"]["total"]) == ("in_progress", 4)
    path = f"{shelf.path}/file_batches/{made['id']}"
    done = settled(api, path)
    counts = {"in_progress": 0, "completed": 3, "failed": 1, "cancelled": 0, "total": 4}
    assert (done["status"], done["file_counts"]) == ("completed", counts)
    files = api.get(f"{path}/files", order="asc")["data"]
    assert [file["id"] for file in files] == [*ids, bad]
    assert {file["attributes"]["n"] for file in files} == {1}
    assert [file["id"] for file in api.get(f"{path}/files", filter="failed")["data"]] == [bad]
    assert [file["id"] for file in api.get(f"{path}/files", order="asc", after=ids[0], limit=1)["data"]] == ids[1:2]
    shelf.put("Another one")
    assert len(api.get(f"{path}/files")["data"]) == 4
    assert api.post(f"{path}/cancel") == done


def test_each_file_with_its_own_options(api: Api) -> None:
    shelf = Shelf(api)
    one, two = (api.upload(text.encode())["id"] for text in ("One", "Two"))
    static: Json = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 10}}
    asked = [{"file_id": one, "attributes": {"n": 1}}, {"file_id": two, "chunking_strategy": static}]
    batch = api.post(f"{shelf.path}/file_batches", {"files": asked})
    settled(api, f"{shelf.path}/file_batches/{batch['id']}")
    files = shelf.files(order="asc")
    assert [file["attributes"] for file in files] == [{"n": 1}, {}]
    assert files[1]["chunking_strategy"] == static


def test_cancelling_stops_what_is_not_done(scripted_engine: ScriptedEngine) -> None:
    gate = Gate()
    api = scripted_engine("Hi", embeddings=gate)
    shelf = Shelf(api)
    quick = api.upload(b"quick")["id"]
    slow = [api.upload(b"wait")["id"] for _ in range(20)]
    made = api.post(f"{shelf.path}/file_batches", {"file_ids": [quick, *slow]})
    path = f"{shelf.path}/file_batches/{made['id']}"
    while api.get(path)["file_counts"]["completed"] < 1:
        pass
    assert gate.reached.wait(10)
    cancelled = api.post(f"{path}/cancel")
    counts = {"in_progress": 0, "completed": 1, "failed": 0, "cancelled": 20, "total": 21}
    assert (cancelled["status"], cancelled["file_counts"]) == ("cancelled", counts)
    assert shelf.now["status"] == "completed"
    assert api.get(path) == api.post(f"{path}/cancel") == cancelled
    while not gate.left:  # what was at work was stopped, though the gate is closed
        pass
    assert shelf.names("quick") == ["a.txt"]
    gate.opened.set()
    assert shelf.add(slow[0])["status"] == "completed"


def test_files_that_are_there_already(api: Api) -> None:
    shelf = Shelf(api)
    file = shelf.put("Words")
    batch = api.post(f"{shelf.path}/file_batches", {"file_ids": [file["id"], file["id"]]})
    assert (batch["status"], batch["file_counts"]["total"]) == ("completed", 1)
    assert len(shelf.files()) == 1


def test_batches_of_other_stores(api: Api) -> None:
    shelf, other = Shelf(api), Shelf(api)
    file_id = api.upload()["id"]
    batch = api.post(f"{shelf.path}/file_batches", {"file_ids": [file_id]})
    absent = (404, f"No file batch found with id '{batch['id']}'.")
    path = f"{other.path}/file_batches/{batch['id']}"
    for method, below in [("GET", ""), ("POST", "/cancel"), ("GET", "/files")]:
        assert api.refused(path + below, method=method) == absent
    api.delete(shelf.path)
    text = f"No vector store found with id '{shelf.id}'."
    assert api.refused(f"{shelf.path}/file_batches/{batch['id']}", method="GET") == (404, text)
    wrong = f"{other.path}/file_batches/x"
    assert api.refused(wrong, method="GET")[1] == "Invalid 'batch_id': 'x'. Expected an ID that begins with 'vsfb'."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Invalid 'body': expected either 'file_ids' or 'files'."),
        ({"file_ids": ["file-x"], "files": [{"file_id": "file-x"}]}, "expected either 'file_ids' or 'files'."),
        ({"file_ids": []}, "Invalid 'file_ids': empty array."),
        ({"files": []}, "Invalid 'files': empty array."),
        ({"file_ids": ["file-x"] * 2001}, "Invalid 'file_ids': array too long."),
        ({"file_ids": ["file-x"]}, "No file found with id 'file-x'."),
        ({"files": [{"file_id": "file-x"}]}, "No file found with id 'file-x'."),
        ({"files": [{"file_id": "file-x", "attributes": {"a": None}}]}, "Invalid type for 'files[0].attributes.a'"),
    ],
)
def test_what_is_refused(api: Api, body: Json, text: str) -> None:
    shelf = Shelf(api)
    assert text in api.refused(f"{shelf.path}/file_batches", body)[1]
    assert shelf.files() == []


OTHERWISE: Json = {"type": "static", "static": {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 0}}


def put_together(shelf: Shelf, file_id: str, **fields: object) -> str:
    """The path of a new batch."""
    batch = shelf.api.post(f"{shelf.path}/file_batches", {"file_ids": [file_id]} | fields)
    return f"{shelf.path}/file_batches/{batch['id']}"


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def gated(scripted_engine: ScriptedEngine, gate: Gate) -> Shelf:
    return Shelf(scripted_engine("Hi", embeddings=gate))


@pytest.fixture
def indexed(gated: Shelf, gate: Gate) -> str:
    """A file that was indexed by a batch, the next time it waits."""
    gate.opened.set()
    file_id: str = gated.api.upload(b"wait for it", "a.txt")["id"]
    gated.add(file_id, attributes={"n": 1})
    gate.opened.clear()
    gate.reached.clear()
    return file_id


def test_a_batch_that_is_done_stays_as_it_is(gated: Shelf, gate: Gate) -> None:
    gate.opened.set()
    file_id = gated.api.upload(b"wait")["id"]
    first = put_together(gated, file_id)
    done = settled(gated.api, first)
    gate.opened.clear()
    second = put_together(gated, file_id, chunking_strategy=OTHERWISE)
    assert gated.api.get(second)["status"] == "in_progress"
    assert gated.api.get(first) == done
    assert gated.api.post(f"{first}/cancel") == done
    gate.opened.set()
    assert settled(gated.api, second)["file_counts"]["completed"] == 1
    gated.api.delete(f"{gated.path}/files/{file_id}")
    assert gated.api.get(first) == done


def test_cancelling_leaves_what_another_batch_waits_for(gated: Shelf, gate: Gate) -> None:
    file_id = gated.api.upload(b"wait")["id"]
    first, second = put_together(gated, file_id), put_together(gated, file_id)
    cancelled = gated.api.post(f"{first}/cancel")
    assert (cancelled["status"], cancelled["file_counts"]["cancelled"]) == ("cancelled", 1)
    assert gated.files()[0]["status"] == gated.api.get(second)["status"] == "in_progress"
    gate.opened.set()
    assert settled(gated.api, second)["file_counts"]["completed"] == 1
    assert gated.api.get(first) == cancelled


@pytest.mark.parametrize("before", [True, False])
def test_cancelling_leaves_what_was_added_by_itself(gated: Shelf, gate: Gate, before: bool) -> None:
    file_id = gated.api.upload(b"wait")["id"]
    if before:
        gated.api.post(f"{gated.path}/files", {"file_id": file_id})
    path = put_together(gated, file_id)
    if not before:
        gated.api.post(f"{gated.path}/files", {"file_id": file_id})
    assert gated.api.post(f"{path}/cancel")["status"] == "cancelled"
    gate.opened.set()
    assert settled(gated.api, f"{gated.path}/files/{file_id}")["status"] == "completed"


def test_a_file_is_found_while_it_is_indexed_again(gated: Shelf, gate: Gate, indexed: str) -> None:
    before = gated.files()[0]
    path = put_together(gated, indexed, chunking_strategy=OTHERWISE)
    assert gate.reached.wait(10)
    running = gated.files()[0]
    assert (running["status"], running["usage_bytes"]) == ("in_progress", before["usage_bytes"])
    assert gated.names("it") == ["a.txt"]
    content = gated.api.get(f"{gated.path}/files/{indexed}/content")["data"]
    assert [piece["text"] for piece in content] == ["wait for it"]
    assert gated.api.post(f"{path}/cancel")["status"] == "cancelled"
    assert gated.files()[0] == before
    assert gated.names("it") == ["a.txt"]


def test_a_file_that_cannot_be_indexed_again_is_found_as_it_was(
    gated: Shelf, gate: Gate, indexed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*arguments: object) -> int:
        raise KeyError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(indexing, "filed", broken)
        path = put_together(gated, indexed, chunking_strategy=OTHERWISE)
        assert settled(gated.api, path)["file_counts"]["failed"] == 1
    assert gated.files()[0]["status"] == "failed"
    assert gated.names("it") == ["a.txt"]
    gate.opened.set()
    again = gated.add(indexed)
    assert (again["status"], again["last_error"], again["chunking_strategy"]) == ("completed", None, OTHERWISE)
    assert gated.api.get(path)["file_counts"]["failed"] == 1


@pytest.mark.parametrize("gone", ["/vector_stores/{store}/files/{file}", "/files/{file}"])
def test_a_batch_does_not_wait_for_what_is_gone(gated: Shelf, gone: str) -> None:
    file_id = gated.api.upload(b"wait")["id"]
    path = put_together(gated, file_id)
    gated.api.delete(gone.format(store=gated.id, file=file_id))
    batch = gated.api.get(path)
    assert (batch["status"], batch["file_counts"]["cancelled"]) == ("completed", 1)


def test_a_batch_keeps_the_options_that_it_does_not_name(api: Api) -> None:
    shelf = Shelf(api)
    file = shelf.put("Words", attributes={"n": 1}, chunking_strategy=OTHERWISE)
    path = put_together(shelf, file["id"])
    assert api.get(path)["status"] == "completed"
    assert shelf.files() == [file]
