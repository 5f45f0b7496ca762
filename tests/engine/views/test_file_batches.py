from __future__ import annotations

import pytest

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
