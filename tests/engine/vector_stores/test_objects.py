from __future__ import annotations

import pytest

from assistream.engine.vector_stores import objects
from tests.engine.conftest import Json

POLICY: Json = {"anchor": "last_active_at", "days": 2}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What time it is."""
    at = [1000]
    monkeypatch.setattr("assistream.engine.vector_stores.objects.now", lambda: at[0])
    return at


def test_a_store_without_policy_stays(clock: list[int]) -> None:
    store = objects.store({"name": "Docs", "metadata": None})
    assert (store["expires_at"], store["last_active_at"], store["metadata"]) == (None, 1000, {})
    clock[0] = 10**9
    assert not objects.is_expired(store)


def test_a_store_expires_when_it_was_not_used(clock: list[int]) -> None:
    store = objects.store({"expires_after": POLICY})
    assert store["expires_at"] == 1000 + 2 * objects.DAY
    clock[0] = store["expires_at"] - 1
    store = objects.used(store)
    assert (store["last_active_at"], store["expires_at"]) == (clock[0], clock[0] + 2 * objects.DAY)
    clock[0] = store["expires_at"]
    assert objects.is_expired(store)
    assert objects.filled(store, {"in_progress": 1}, 0)["status"] == "expired"
    assert objects.used(store) == store


def test_a_policy_counts_from_when_it_is_set(clock: list[int]) -> None:
    store = objects.store({})
    clock[0] = 10**7
    changed = objects.updated(store, {"expires_after": POLICY, "name": None})
    assert (changed["expires_at"], changed["name"]) == (10**7 + 2 * objects.DAY, None)
    assert objects.updated(changed, {"expires_after": None})["expires_at"] is None
    assert objects.updated(store, {"name": "x"})["last_active_at"] == 1000
    assert objects.updated(store, {"metadata": None})["metadata"] == {}


@pytest.mark.parametrize(
    ("counts", "status"), [({}, "completed"), ({"failed": 2}, "completed"), ({"in_progress": 1}, "in_progress")]
)
def test_the_status_of_a_store_is_that_of_its_files(counts: dict[str, int], status: str) -> None:
    filled = objects.filled(objects.store({}), counts, 7)
    assert (filled["status"], filled["usage_bytes"], filled["file_counts"]["total"]) == (
        status,
        7,
        sum(counts.values()),
    )


def test_files() -> None:
    assert [file["id"] for file in objects.files("vs_1", ["file-a", "file-b", "file-a"])] == ["file-a", "file-b"]
    sizes = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}
    static = {"type": "static", "static": sizes}
    asked: Json = {"file_id": "file-a", "attributes": {"a": 1}, "chunking_strategy": static}
    assert objects.file("vs_1", asked)["chunking_strategy"] == static
    assert objects.file("vs_1", asked)["attributes"] == {"a": 1}
    auto = objects.file("vs_1", {"file_id": "file-a", "chunking_strategy": {"type": "auto"}})
    assert auto["chunking_strategy"]["static"] == {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}


def test_a_batch_is_done_when_nothing_of_it_is_to_be_done() -> None:
    batch = objects.batch("vs_1")
    assert objects.progressed(batch, {"in_progress": 1, "failed": 1})["status"] == "in_progress"
    assert objects.progressed(batch, {"completed": 1, "failed": 1})["status"] == "completed"
    assert objects.progressed(batch | {"status": "cancelled"}, {"cancelled": 1})["status"] == "cancelled"


def test_an_expired_store_takes_no_room(clock: list[int]) -> None:
    store = objects.store({"expires_after": POLICY})
    assert objects.filled(store, {"completed": 1}, 7)["usage_bytes"] == 7
    clock[0] = store["expires_at"]
    assert objects.filled(store, {"completed": 1}, 7)["usage_bytes"] == 0


def test_what_is_not_said_stays() -> None:
    file = objects.file("vs_1", {"file_id": "file-a", "attributes": {"a": 1}}) | {"status": "completed"}
    assert objects.changed(file, {"file_id": "file-a"}, again=False) == file
    assert objects.changed(file, {"file_id": "file-a", "attributes": {}}, again=False)["attributes"] == {}
    assert objects.changed(file, {"file_id": "file-a"}, again=True)["status"] == "in_progress"
