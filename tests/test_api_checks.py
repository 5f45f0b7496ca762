"""What is said to be meant is what the engine says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx
import pytest

from assistream.engine.errors import REFUSALS, Refused
from assistream.engine.schemas_stores import CreateBatch
from assistream.engine.validation import check


class Accepted(Exception):
    message = ""


def _registered(function: Any) -> Any:
    return function


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module, where schemathesis registers nothing and finds fault with everything."""
    library: Any = ModuleType("schemathesis")
    library.check = _registered
    theirs: Any = ModuleType("schemathesis.specs.openapi.checks")
    theirs.AcceptedNegativeData = Accepted

    def positive_data_acceptance(context: object, response: object, case: object) -> None:
        raise AssertionError("refused")

    def negative_data_rejection(context: object, response: object, case: Accepted) -> None:
        raise case

    theirs.positive_data_acceptance = positive_data_acceptance
    theirs.negative_data_rejection = negative_data_rejection
    monkeypatch.setitem(sys.modules, "schemathesis", library)
    monkeypatch.setitem(sys.modules, "schemathesis.specs.openapi.checks", theirs)
    monkeypatch.delitem(sys.modules, "scripts.api_checks", raising=False)
    import scripts.api_checks as module

    yield module
    monkeypatch.delitem(sys.modules, "scripts.api_checks")


def test_each_text_is_that_of_refusals_with_status_400(checks: Any) -> None:
    for text in checks.MEANT:
        found = [refusal for refusal in REFUSALS.values() if refusal.text.startswith(text)]
        assert found, text
        assert {refusal.status for refusal in found} == {400}


STATIC = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 51}


def answer(refused: Refused) -> httpx.Response:
    return httpx.Response(refused.status, json=refused.body)


def test_what_is_meant_is_not_held_against_the_engine(checks: Any) -> None:
    meant = Refused("thread_busy", thread="thread_1", run="run_1")
    assert checks.valid_request_accepted(None, answer(meant), None) is None
    for body in ({"chunking_strategy": {"type": "static", "static": STATIC}, "file_ids": ["file-a"]}, {"files": None}):
        with pytest.raises(Refused) as together:
            check(CreateBatch, body)
        assert checks.valid_request_accepted(None, answer(together.value), None) is None
    for refused in (Refused("missing", where="model"), Refused("other", where="Thread ", reason="it is")):
        with pytest.raises(AssertionError):
            checks.valid_request_accepted(None, answer(refused), None)


def test_only_unknown_headers_may_be_accepted(checks: Any) -> None:
    harmless, harmful = Accepted(), Accepted()
    harmless.message = f"Invalid component: {checks.UNKNOWN_HEADER}"
    harmful.message = "Invalid component: in body"
    assert checks.invalid_request_refused(None, None, harmless) is None
    with pytest.raises(Accepted):
        checks.invalid_request_refused(None, None, harmful)
