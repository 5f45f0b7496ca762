from __future__ import annotations

import pytest

from assistream.engine import objects
from assistream.engine.attached import attach, attached_at, file_ids, settled
from tests.engine.conftest import Json

CODE: Json = {"type": "code_interpreter"}
SEARCH: Json = {"type": "file_search"}


def assistant(*tools: Json, files: list[str] | None = None) -> Json:
    resources = {"code_interpreter": {"file_ids": files}} if files else {}
    return objects.assistant({"model": "any", "tools": list(tools), "tool_resources": resources})


@pytest.mark.parametrize(
    ("tools", "of_code_interpreter"),
    [([CODE], ["a", "b"]), ([SEARCH], None), ([CODE, SEARCH], ["a", "b"]), ([], ["a", "b"])],
)
def test_where_files_go(tools: list[Json], of_code_interpreter: list[str] | None) -> None:
    attached = attach(assistant(*tools), ["a", "b"])
    expected = {"code_interpreter": {"file_ids": of_code_interpreter}} if of_code_interpreter else {}
    assert (file_ids(attached), attached["tool_resources"]) == (["a", "b"], expected)


def test_files_of_version_2_are_seen() -> None:
    assert file_ids(assistant(CODE, files=["a"])) == ["a"]
    assert file_ids(attach(assistant(CODE, files=["a"]), ["a", "b"])) == ["a", "b"]


def test_without_files_nothing_is_left() -> None:
    detached = attach(attach(assistant(CODE), ["a"]), [])
    assert (file_ids(detached), detached["tool_resources"]) == ([], {})


def test_a_file_keeps_the_time_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([1, 2, 3])
    monkeypatch.setattr("assistream.engine.attached.now", lambda: next(times))
    assert attached_at(attach(attach(assistant(CODE), ["a"]), ["a", "b"])) == {"a": 1, "b": 3}


@pytest.mark.parametrize(("tools", "left"), [([CODE], []), ([CODE, SEARCH], ["a"]), ([SEARCH], ["a"])])
def test_version_2_takes_a_file_from_the_code_interpreter(tools: list[Json], left: list[str]) -> None:
    changed: Json = attach(assistant(*tools), ["a"]) | {"tool_resources": {}}
    assert file_ids(settled(changed)) == left


def test_a_run_has_the_files_of_its_assistant() -> None:
    run = objects.run("thread_1", attach(assistant(SEARCH), ["a"]), {}, ttl=600)
    assert file_ids(run) == ["a"]
