"""`Terminal` is tested on one, in test_loop.py."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from prompt_toolkit.history import FileHistory, InMemoryHistory

from assistream import ConfigurationError
from assistream.cli.chat.prompt import NOBODY, Pipe, _kept, default_history
from assistream.types import PendingCall


def messages(text: str, *, whole: bool = False) -> list[str]:
    pipe = Pipe(text.splitlines(keepends=True), whole=whole)
    found: list[str] = []
    while (message := pipe.read()) is not None:
        found.append(message)
    assert pipe.read() is None
    return found


def test_lines() -> None:
    assert messages("") == []
    assert messages("a\nb\r\n\nc") == ["a", "b", "", "c"]
    assert messages("a\\\nb\\\n\nc\\") == ["a\nb\n", "c\n"]
    assert messages("a\nb\\\n", whole=True) == ["a\nb\\\n"]


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_what_is_no_text(errors: str, whole: bool) -> None:
    with io.TextIOWrapper(io.BytesIO(b"caf\xe9\n"), encoding="utf-8", errors=errors) as file:
        with pytest.raises(ConfigurationError, match="Standard input is no text in UTF-8"):
            Pipe(file, whole=whole).read()


def test_nobody_allows_anything() -> None:
    call = PendingCall(id="call_1", name="refund", arguments="{}", run_id="run_1", thread_id="thread_1")
    assert Pipe([]).allows(call) == NOBODY


def test_where_the_history_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert default_history() == tmp_path / "state" / "assistream" / "history"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_history() == tmp_path / ".local" / "state" / "assistream" / "history"


def test_a_history_that_cannot_be_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(_kept(tmp_path / "new" / "history"), FileHistory)
    assert isinstance(_kept(tmp_path / "kit.py" / "history"), InMemoryHistory)
    assert "what you type is not kept" in capsys.readouterr().err
