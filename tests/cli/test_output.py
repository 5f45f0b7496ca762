from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from assistream.cli.output import moment, print_event, print_fields, print_json, print_table, write
from assistream.types import Assistant, Thread, UnknownEvent
from assistream.types.events import ThreadCreated

from .terminal import COLUMNS, on_terminal

THREAD = Thread.model_validate_json('{"id":"thread_1","metadata":{"a":"ä"},"new":[1]}')


def test_json_is_what_the_server_sent(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(THREAD, THREAD)
    assert capsys.readouterr().out == '{"id":"thread_1","metadata":{"a":"ä"},"new":[1]}\n' * 2


def test_events_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    print_event(ThreadCreated(data=THREAD))
    print_event(UnknownEvent.model_validate({"event": "new\nname", "data": {"a": [1]}}))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"event": "thread.created", "data": {"id": "thread_1", "metadata": {"a": "ä"}, "new": [1]}}
    assert lines[1] == {"event": "new\nname", "data": {"a": [1]}}


def test_a_table_in_a_pipe_is_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "text"), [("a" * 100, "b" * 500 + "\x1b[1m"), ("c", None)])
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["id", "text"]
    assert first.split() == ["a" * 100, "b" * 500 + "␛[1m"]
    assert second.split() == ["c"]


def test_a_table_without_rows(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("id", "text"), [])
    assert capsys.readouterr().out.split() == ["id", "text"]


def test_on_a_terminal_only_the_id_is_never_cut(tmp_path: Path) -> None:
    source = "from assistream.cli.output import print_table\nprint_table(('id', 'text'), [('a' * 60, 'b' * 200)])\n"
    (tmp_path / "table.py").write_text(source, encoding="utf-8")
    with on_terminal("table.py") as terminal:
        assert terminal.end() == 0
        _, row = terminal.text.splitlines()
        assert row.startswith("a" * 60 + "  bb")
        assert row.endswith("b…")
        assert len(row) <= COLUMNS


def test_fields_that_say_something(capsys: pytest.CaptureFixture[str]) -> None:
    print_fields(Assistant(id="asst_1", model="m", tools=[], name=None, created_at=1, metadata={}, top_p=0.5))
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert lines == [["id", "asst_1"], ["created_at", moment(1)], ["model", "m"], ["top_p", "0.5"]]


def test_an_encoding_that_cannot_hold_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        write("a → ä\n")
        stdout.flush()
        assert raw.getvalue() == b"a -> ?\n"


def test_moments() -> None:
    assert moment(86400 * 3).startswith("1970-01-0")
    assert [moment(nothing) for nothing in (None, 0, "soon")] == ["", "", ""]
