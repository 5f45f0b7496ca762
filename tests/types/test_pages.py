from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistream.types import (
    Assistant,
    CursorPage,
    Message,
    Run,
    RunStep,
    VectorStore,
    VectorStoreFile,
    VectorStoreSearchResponse,
)

from .recorded import documents, lossless

KINDS: dict[str | None, type] = {
    kind.model_fields["object"].default: kind
    for kind in (Assistant, Message, Run, RunStep, VectorStore, VectorStoreFile)
}


@pytest.mark.parametrize("path", documents("list"))
def test_recorded_pages(path: Path) -> None:
    text = path.read_bytes()
    sent = json.loads(text)["data"]
    kind: Any = KINDS[sent[0]["object"]] if sent else Run
    page = lossless(CursorPage[kind], text)
    assert [type(item) for item in page.data] == [kind] * len(sent)
    assert page.first_id == (sent[0]["id"] if sent else None)


@pytest.mark.parametrize("path", documents("vector_store.search_results.page"))
def test_recorded_search_results(path: Path) -> None:
    page = lossless(CursorPage[VectorStoreSearchResponse], path.read_bytes())
    assert page.data[0].content[0].text


def test_a_bare_page() -> None:
    page = CursorPage[Run].model_validate_json("{}")
    assert (page.object, page.data, page.first_id, page.last_id, page.has_more) == ("list", [], None, None, False)
    page.data.append(Run(id="run_1"))
    assert CursorPage[Run].model_validate_json("{}").data == []
