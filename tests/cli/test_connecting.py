from __future__ import annotations

from pathlib import Path

import pytest

from assistream import ConfigurationError
from assistream.cli.connecting import address, connected, embedded
from assistream.engine import Engine

from .conftest import Command, complaint, said


def test_which_server_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address(None) is None
    monkeypatch.setenv("OPENAI_BASE_URL", "http://theirs/v1")
    assert address(None) == "http://theirs/v1"
    monkeypatch.setenv("ASSISTREAM_BASE_URL", "http://ours/v1")
    assert address(None) == "http://ours/v1"
    assert address("http://this/v1") == "http://this/v1"


def test_a_server_and_its_key(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(api_key="secret") as engine:
        there = ("assistants", "list", "--json", "--base-url", engine.base_url)
        assert "key" in complaint(command(*there), 1)
        assert said(command(*there, "--api-key", "secret")) == ""
        monkeypatch.setenv("ASSISTREAM_BASE_URL", engine.base_url)
        monkeypatch.setenv("ASSISTREAM_API_KEY", "secret")
        assert said(command("assistants", "list", "--json")) == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Which server?"),
        (("--path", "no.db"), "There is no database 'no.db'"),
        (("--path", "kit.py"), "kit.py"),
        (("--path", "kit.py", "--base-url", "http://127.0.0.1:1/v1"), "give one of them"),
        (("--base-url", "nowhere"), "nowhere"),
    ],
)
def test_what_is_no_server(command: Command, arguments: tuple[str, ...], says: str) -> None:
    assert says in complaint(command("assistants", "list", *arguments))


def test_a_database_is_used_in_place(tmp_path: Path) -> None:
    with embedded(tmp_path / "state.db", None) as client:
        kept = client.beta.threads.create()
    with connected(None, None, tmp_path / "state.db") as client:
        assert client.beta.threads.retrieve(kept.id) == kept


def test_no_database_is_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError), connected(None, None, tmp_path / "state.db"):
        pass
    assert not (tmp_path / "state.db").exists()
