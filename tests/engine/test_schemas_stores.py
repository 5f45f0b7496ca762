from __future__ import annotations

import pytest

from assistream.engine.errors import Refused
from assistream.engine.schemas_stores import CreateBatch, Search, StoreFileQuery
from assistream.engine.validation import check


def test_what_a_batch_says_of_all_is_for_those_named_by_their_ids() -> None:
    batch = check(CreateBatch, {"file_ids": ["file-a", "file-b"], "attributes": {"n": 1}})
    assert [one.fields() for one in batch.added] == [
        {"file_id": id, "attributes": {"n": 1}, "chunking_strategy": None} for id in ("file-a", "file-b")
    ]
    batch = check(CreateBatch, {"files": [{"file_id": "file-a"}], "attributes": {"n": 1}})
    assert [one.fields() for one in batch.added] == [{"file_id": "file-a"}]


def test_questions() -> None:
    assert check(Search, {"query": "a"}).queries == ["a"]
    assert check(Search, {"query": ["a", "b"], "rewrite_query": True}).queries == ["a", "b"]


def test_numbers_of_filters_stay_what_they_are() -> None:
    asked = {"type": "and", "filters": [{"type": "in", "key": "a", "value": [1, 1.5, "x", True]}]}
    assert str(check(Search, {"query": "a", "filters": asked}).fields()["filters"]) == str(asked)


def test_files_of_a_status() -> None:
    assert check(StoreFileQuery, {}).where == {}
    assert check(StoreFileQuery, {"filter": "failed"}).where == {"status": "failed"}
    with pytest.raises(Refused):
        check(StoreFileQuery, {"filter": ""})
