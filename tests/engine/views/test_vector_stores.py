from __future__ import annotations

from typing import Any

import pytest

from assistream import Client, NotFoundError
from assistream.engine import Engine
from tests.engine.conftest import Api, Json
from tests.engine.vector_stores.shelf import Shelf, settled

DAYS: Json = {"anchor": "last_active_at", "days": 3}
ZEROS: Json = {"in_progress": 0, "completed": 0, "failed": 0, "cancelled": 0, "total": 0}


def test_a_store_from_beginning_to_end(api: Api) -> None:
    made = api.post("/vector_stores", {"name": "Docs", "metadata": {"a": "b"}, "description": "All of them"})
    assert made["id"].startswith("vs_")
    assert (made["name"], made["status"], made["file_counts"], made["usage_bytes"]) == ("Docs", "completed", ZEROS, 0)
    assert (made["expires_after"], made["expires_at"], made["last_active_at"]) == (None, None, made["created_at"])
    path = f"/vector_stores/{made['id']}"
    assert api.get(path) == made
    changed = api.post(path, {"name": None, "metadata": {"c": "d"}, "expires_after": DAYS})
    assert (changed["name"], changed["metadata"], changed["expires_after"]) == (None, {"c": "d"}, DAYS)
    assert changed["expires_at"] == changed["last_active_at"] + 3 * 24 * 3600
    assert api.post(path, {"expires_after": None})["expires_at"] is None
    assert api.delete(path) == {"id": made["id"], "object": "vector_store.deleted", "deleted": True}
    absent = (404, f"No vector store found with id '{made['id']}'.")
    for method, below in [("GET", ""), ("POST", ""), ("DELETE", ""), ("GET", "/files")]:
        assert api.refused(path + below, method=method) == absent
    assert api.refused(f"{path}/search", {"query": "x"}) == absent


def test_lists(api: Api) -> None:
    ids = [api.post("/vector_stores", {"name": str(number)})["id"] for number in range(3)]
    assert [one["id"] for one in api.get("/vector_stores")["data"]] == ids[::-1]
    page = api.get("/vector_stores", order="asc", limit=1, after=ids[0])
    assert ([one["id"] for one in page["data"]], page["has_more"]) == ([ids[1]], True)


def test_a_store_that_begins_with_files(api: Api) -> None:
    ids = [api.upload(b"Apples are red.")["id"], api.upload(b"Bananas are yellow.")["id"]]
    sizes = {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 50}
    chunking = {"type": "static", "static": sizes}
    made = api.post("/vector_stores", {"file_ids": [*ids, ids[0]], "chunking_strategy": chunking})
    assert (made["status"], made["file_counts"]["total"]) == ("in_progress", 2)
    done = settled(api, f"/vector_stores/{made['id']}")
    assert (done["status"], done["file_counts"]["completed"]) == ("completed", 2)
    assert done["usage_bytes"] == len("Apples are red.Bananas are yellow.")
    files = api.get(f"/vector_stores/{made['id']}/files")["data"]
    assert [file["chunking_strategy"] for file in files] == [chunking, chunking]


def test_who_polls_is_told_when_to_ask_again(api: Api) -> None:
    file = api.upload(b"word " * 20_000)
    headers = {"OpenAI-Beta": "assistants=v2"}
    made = api.client.post("/vector_stores", json={"file_ids": [file["id"]]}, headers=headers)
    assert made.headers["openai-poll-after-ms"] == "100"
    path = f"/vector_stores/{made.json()['id']}"
    settled(api, path)
    assert "openai-poll-after-ms" not in api.client.get(path, headers=headers).headers


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"file_ids": ["x"]}, "Invalid 'file_ids[0]': 'x'. Expected an ID that begins with 'file'."),
        ({"file_ids": ["file-x"]}, "No file found with id 'file-x'."),
        ({"expires_after": {"anchor": "created_at", "days": 1}}, "Invalid value: 'created_at'"),
        ({"expires_after": {"anchor": "last_active_at", "days": 366}}, "Invalid 'expires_after.days': integer above"),
        ({"expires_after": {"anchor": "last_active_at"}}, "Missing required parameter: 'expires_after.days'."),
        ({"chunking_strategy": {"type": "other"}}, "Invalid value: 'other'. Supported values are: 'static' and 'auto'"),
        ({"name": 1}, "Invalid type for 'name': expected a string, but got an integer instead."),
        ({"colour": 1}, "Unknown parameter: 'colour'."),
        (
            {"file_ids": ["file-x"] * 501},
            "Invalid 'file_ids': array too long. Expected an array with maximum length 500",
        ),
    ],
)
def test_what_is_refused(api: Api, body: Json, text: str) -> None:
    assert text in api.refused("/vector_stores", body)[1]
    assert api.get("/vector_stores")["data"] == []


@pytest.mark.parametrize(
    ("sizes", "text"),
    [
        ((99, 0), "Invalid 'chunking_strategy.static.max_chunk_size_tokens': integer below minimum value."),
        ((4097, 0), "Invalid 'chunking_strategy.static.max_chunk_size_tokens': integer above maximum value."),
        ((100, 51), "Invalid 'chunking_strategy.static': chunk_overlap_tokens must not exceed half of"),
        ((100, -1), "Invalid 'chunking_strategy.static.chunk_overlap_tokens': integer below minimum value."),
    ],
)
def test_sizes_of_chunks(api: Api, sizes: tuple[int, int], text: str) -> None:
    static = {"max_chunk_size_tokens": sizes[0], "chunk_overlap_tokens": sizes[1]}
    assert text in api.refused("/vector_stores", {"chunking_strategy": {"type": "static", "static": static}})[1]


def test_search(api: Api) -> None:
    shelf = Shelf(api)
    shelf.put_all({"apples.md": "Apples are red fruit.", "bananas.md": "Bananas are yellow fruit."})
    found = api.post(f"{shelf.path}/search", {"query": "What colour is a banana?"})
    assert (found["object"], found["search_query"]) == (
        "vector_store.search_results.page",
        ["What colour is a banana?"],
    )
    assert (found["has_more"], found["next_page"]) == (False, None)
    [hit] = found["data"]
    assert hit["content"] == [{"type": "text", "text": "Bananas are yellow fruit."}]
    assert (hit["filename"], hit["attributes"]) == ("bananas.md", {})
    assert 0 < hit["score"] <= 1


def test_how_much_is_found(api: Api) -> None:
    shelf = Shelf(api)
    shelf.put_all({f"{number}.txt": "fruit " * (number + 1) for number in range(12)})
    assert len(shelf.search("fruit")) == 10
    assert len(shelf.search("fruit", max_num_results=50)) == 12
    [best] = shelf.search("fruit", max_num_results=1)
    scores = [hit["score"] for hit in shelf.search("fruit", max_num_results=12)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == best["score"]
    middle = scores[5]
    assert len(shelf.search("fruit", ranking_options={"score_threshold": middle})) == 6
    assert shelf.search("fruit", ranking_options={"ranker": "none", "score_threshold": 1}) == []


def test_several_questions(api: Api) -> None:
    shelf = Shelf(api)
    shelf.put_all({"a.txt": "Apples are red.", "b.txt": "Bananas are yellow.", "c.txt": "Cherries are dark."})
    assert set(shelf.names(["apples", "bananas"])) == {"a.txt", "b.txt"}


def test_filters(api: Api) -> None:
    shelf = Shelf(api)
    for year in (2020, 2022, 2024):
        shelf.put(f"Report of the year {year}.", f"{year}.txt", attributes={"year": year, "old": year < 2022})
    newer: Json = {"type": "gte", "key": "year", "value": 2022}
    assert set(shelf.names("report", filters=newer)) == {"2022.txt", "2024.txt"}
    not_old: Json = {"type": "eq", "key": "old", "value": True}
    assert shelf.names("report", filters={"type": "and", "filters": [newer, not_old]}) == []
    among: Json = {"type": "in", "key": "year", "value": [2020, 2024.0, "x"]}
    assert set(shelf.names("report", filters=among)) == {"2020.txt", "2024.txt"}
    [hit] = shelf.search("report", filters={"type": "or", "filters": [not_old]})
    assert hit["attributes"] == {"year": 2020, "old": True}


def nested(levels: int) -> Json:
    filters: Json = {"type": "eq", "key": "a", "value": 1}
    for _ in range(levels - 1):
        filters = {"type": "and", "filters": [filters]}
    return filters


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "Missing required parameter: 'query'."),
        ({"query": 1}, "Invalid type for 'query': expected a string or an array of strings, but got an integer"),
        ({"query": []}, "Invalid 'query': empty array."),
        ({"query": ["a", 1]}, "Invalid type for 'query[1]': expected a string"),
        ({"query": "a" * 4097}, "Invalid 'query': string too long."),
        ({"query": ["a", "a" * 4097]}, "Invalid 'query[1]': string too long."),
        ({"query": "a", "filters": {"type": "in", "key": "a", "value": [1] * 1001}}, "'filters': too many values."),
        ({"query": "a", "max_num_results": 51}, "Invalid 'max_num_results': integer above maximum value."),
        ({"query": "a", "max_num_results": 0}, "Invalid 'max_num_results': integer below minimum value."),
        ({"query": "a", "ranking_options": {"score_threshold": 2}}, "Invalid 'ranking_options.score_threshold'"),
        ({"query": "a", "ranking_options": {"ranker": "best"}}, "Invalid value: 'best'."),
        ({"query": "a", "filters": {"type": "like", "key": "a", "value": 1}}, "Invalid value: 'like'."),
        ({"query": "a", "filters": {"type": "eq", "key": "a"}}, "Missing required parameter: 'filters.value'."),
        ({"query": "a", "filters": {"type": "eq", "key": "a", "value": [1]}}, "Invalid type for 'filters.value'"),
        ({"query": "a", "filters": {"type": "in", "key": "a", "value": 1}}, "Invalid type for 'filters.value'"),
        ({"query": "a", "filters": {"type": "and", "filters": [{"type": "eq"}]}}, "'filters.filters[0].key'."),
        ({"query": "a", "filters": nested(11)}, "Invalid 'filters': too many filters."),
        (
            {"query": "a", "filters": {"type": "or", "filters": [nested(1)] * 101}},
            "Invalid 'filters': too many filters.",
        ),
        ({"query": "a", "filters": {"type": "or", "filters": 1}}, "Invalid type for 'filters.filters'"),
    ],
)
def test_searches_that_are_refused(api: Api, body: Json, text: str) -> None:
    status, said = api.refused(f"{Shelf(api).path}/search", body)
    assert (status, text in said) == (400, True), said


def test_filters_may_be_nested(api: Api) -> None:
    shelf = Shelf(api)
    shelf.put("A word.", attributes={"a": 1})
    assert shelf.names("word", filters=nested(10)) == ["a.txt"]


def test_an_empty_store_has_nothing(api: Api) -> None:
    assert Shelf(api).search("anything") == []


@pytest.mark.parametrize(
    "query", ['"', "a AND", "NOT *", "place : x", "{title words} : x", "^", "a NEAR(b", "", "\0", "'"]
)
def test_no_question_is_syntax(api: Api, query: str) -> None:
    shelf = Shelf(api)
    shelf.put("Zebras!", "zebra.md")
    assert shelf.search(query) == []


def test_other_stores_stay_out(api: Api) -> None:
    first, second = Shelf(api), Shelf(api)
    first.put("The secret is 42.", "secret.txt")
    second.put("Nothing to see.", "other.txt")
    assert first.names("secret") == ["secret.txt"]
    assert second.names("secret") == []


def test_what_others_have_does_not_change_a_score(api: Api) -> None:
    first, second = Shelf(api), Shelf(api)
    first.put_all({"a.txt": "red apple", "b.txt": "red brick"})
    before = first.search("red apple")
    second.put_all({f"{number}.txt": "apple apple" for number in range(10)})
    assert first.search("red apple") == before


def test_searching_is_using(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(api, expires_after=DAYS)
    later = shelf.store["last_active_at"] + 100
    for module in ("objects", "library"):
        monkeypatch.setattr(f"assistream.engine.vector_stores.{module}.now", lambda: later)
    shelf.search("x")
    assert (shelf.now["last_active_at"], shelf.now["expires_at"]) == (later, later + 3 * 24 * 3600)


def test_a_store_that_has_expired(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(api, expires_after=DAYS)
    file = shelf.put("A word.")
    late = shelf.now["expires_at"]
    monkeypatch.setattr("assistream.engine.vector_stores.objects.now", lambda: late)
    assert shelf.now["status"] == "expired"
    assert [file["status"] for file in shelf.files()] == ["completed"]
    refused = (400, f"Vector store {shelf.id} is expired.")
    other = api.upload()["id"]
    requests: list[tuple[str, Json]] = [
        ("/search", {"query": "word"}),
        ("", {"expires_after": DAYS}),
        ("/files", {"file_id": other}),
        ("/file_batches", {"file_ids": [other]}),
        (f"/files/{file['id']}", {"attributes": {}}),
    ]
    assert [api.refused(shelf.path + below, body) for below, body in requests] == [refused] * len(requests)
    assert api.post(shelf.path, {"name": "Old"})["status"] == "expired"
    assert api.delete(f"{shelf.path}/files/{file['id']}")["deleted"]
    assert shelf.now["status"] == "expired"
    assert api.delete(shelf.path)["deleted"]


def test_it_is_a_part_of_version_2(api: Api) -> None:
    assert api.v1().refused("/vector_stores", method="GET") == (404, "Invalid URL (GET /v1/vector_stores)")
    assert api.client.get("/vector_stores", headers={"OpenAI-Beta": ""}).status_code == 400


def test_a_request_that_comes_twice_makes_one_store(api: Api) -> None:
    file_id = api.upload(b"A word.")["id"]
    headers = {"OpenAI-Beta": "assistants=v2", "Idempotency-Key": "1"}
    made: list[Any] = [
        api.client.post("/vector_stores", json={"file_ids": [file_id]}, headers=headers).json() for _ in range(2)
    ]
    assert made[0] == made[1]
    assert len(api.get("/vector_stores")["data"]) == 1
    path = f"/vector_stores/{made[0]['id']}/files"
    headers["Idempotency-Key"] = "2"
    added = [api.client.post(path, json={"file_id": file_id}, headers=headers).json() for _ in range(2)]
    assert added[0] == added[1]
    assert added[0]["object"] == "vector_store.file"


def test_a_conversation_with_the_client(engine: Engine) -> None:
    with Client(base_url=engine.base_url, api_key="") as client:
        stores = client.vector_stores
        store = stores.create(name="Docs", expires_after={"anchor": "last_active_at", "days": 1})
        file = stores.files.upload_and_poll(
            vector_store_id=store.id, file=("a.md", b"# Apples\n\nThey are red."), attributes={"kind": "fruit", "n": 1}
        )
        assert (file.status, file.last_error, file.attributes) == ("completed", None, {"kind": "fruit", "n": 1})
        batch = stores.file_batches.upload_and_poll(store.id, files=[("b.txt", b"Bananas."), ("c.bin", bytes(99))])
        assert (batch.status, batch.file_counts.completed, batch.file_counts.failed) == ("completed", 1, 1)
        [failed] = stores.file_batches.list_files(batch.id, vector_store_id=store.id, filter="failed")
        assert failed.last_error
        assert failed.last_error.code == "unsupported_file"
        hits = stores.search(store.id, query="apples", filters={"type": "eq", "key": "n", "value": 1}).data
        assert [(hit.file_id, hit.filename) for hit in hits] == [(file.id, "a.md")]
        [piece] = stores.files.content(file.id, vector_store_id=store.id).data
        assert piece.text == "# Apples\n\nThey are red."
        assert client.beta.vector_stores.retrieve(store.id).file_counts.total == 3
        assert stores.files.update(file.id, vector_store_id=store.id, attributes={"x": True}).attributes == {"x": True}
        assert stores.files.delete(file.id, vector_store_id=store.id).deleted
        assert client.files.retrieve(file.id).filename == "a.md"
        assert [one.id for one in stores.list()] == [store.id]
        assert stores.delete(store.id).deleted
        with pytest.raises(NotFoundError, match="No vector store found"):
            stores.retrieve(store.id)
