from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistream.types import (
    OtherFileChunkingStrategyObject,
    StaticFileChunkingStrategyObject,
    UnknownFileChunkingStrategy,
    VectorStore,
    VectorStoreFile,
    VectorStoreFileBatch,
    VectorStoreFileDeleted,
)

from .recorded import documents, lossless


@pytest.mark.parametrize("path", documents("vector_store"))
def test_recorded_stores(path: Path) -> None:
    assert lossless(VectorStore, path.read_bytes()).status


@pytest.mark.parametrize("path", documents("vector_store.file"))
def test_recorded_files(path: Path) -> None:
    assert lossless(VectorStoreFile, path.read_bytes()).vector_store_id


@pytest.mark.parametrize("path", documents("vector_store.file_batch"))
def test_recorded_batches(path: Path) -> None:
    assert lossless(VectorStoreFileBatch, path.read_bytes()).file_counts.total > 0


@pytest.mark.parametrize("path", documents("vector_store.file.deleted"))
def test_recorded_deletions(path: Path) -> None:
    assert lossless(VectorStoreFileDeleted, path.read_bytes()).deleted is True


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (StaticFileChunkingStrategyObject, {"type": "static", "static": {"max_chunk_size_tokens": 800}}),
        (OtherFileChunkingStrategyObject, {"type": "other"}),
        (UnknownFileChunkingStrategy, {"type": "semantic", "semantic": {}}),
    ],
)
def test_each_chunking_strategy(kind: type, sent: dict[str, Any]) -> None:
    read = lossless(VectorStoreFile, json.dumps({"id": "file-1", "chunking_strategy": sent}))
    assert type(read.chunking_strategy) is kind


def test_a_bare_store() -> None:
    read = VectorStore.model_validate_json('{"id": "vs_1"}')
    assert (read.name, read.status, read.usage_bytes, read.file_counts.total) == (None, "", 0, 0)
