from __future__ import annotations

from pathlib import Path

import pytest

from assistream.types import Thread, ThreadDeleted

from .recorded import documents, lossless


@pytest.mark.parametrize("path", documents("thread"))
def test_recorded_threads(path: Path) -> None:
    assert lossless(Thread, path.read_bytes()).id.startswith("thread_")


@pytest.mark.parametrize("path", documents("thread.deleted"))
def test_recorded_deletions(path: Path) -> None:
    assert lossless(ThreadDeleted, path.read_bytes()).deleted is True


def test_tool_resources() -> None:
    sent = '{"id": "thread_1", "tool_resources": {"file_search": {"vector_store_ids": ["vs_1"]}, "browser": {}}}'
    resources = lossless(Thread, sent).tool_resources
    assert resources.file_search.vector_store_ids == ["vs_1"]
    assert resources.code_interpreter is None
    assert resources.browser == {}


def test_metadata_is_kept_as_sent() -> None:
    assert lossless(Thread, '{"id": "thread_1", "metadata": {"n": 5}}').metadata == {"n": 5}
