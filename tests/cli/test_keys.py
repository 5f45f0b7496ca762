from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest

from assistream import AuthenticationError, Client
from assistream.cli.main import main
from assistream.engine.keys import KeyFile

from .conftest import Command, complaint, said
from .test_serve import serving


def columns(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_a_key_alone_is_what_a_script_gets(command: Command, elsewhere: Path) -> None:
    secret = said(command("keys", "create", "alice"))
    assert secret.startswith("sk-assistream-")
    assert secret.count("\n") == 1
    assert (elsewhere / "assistream.db").exists()


def test_a_person_is_told_that_it_is_not_shown_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["keys", "create", "alice", "--project", "search"]) == 0
    secret, note = capsys.readouterr().out.splitlines()
    assert secret.startswith("sk-")
    assert note == "This is the key 'alice' of the project 'search'. Keep it now: it is not shown again."


def test_a_list_says_all_but_the_keys(command: Command) -> None:
    secret = said(command("keys", "create", "alice", "--project", "search", "--expires", "2040-01-31T12:00"))
    command("keys", "create", "bob")
    command("keys", "revoke", "bob")
    out = said(command("keys", "list"))
    head, alice, bob = [columns(line) for line in out.splitlines()]
    assert head == ["id", "name", "project", "status", "created", "expires", "used"]
    assert alice[1:4] + alice[5:] == ["alice", "search", "active", "2040-01-31 12:00:00"]
    assert bob[1:4] == ["bob", "default", "revoked"]
    assert secret.strip() not in out


def test_json(command: Command) -> None:
    made = json.loads(said(command("keys", "create", "a", "--json")))
    assert (made["name"], made["project"], made["expires_at"], made["key"][:3]) == ("a", "default", None, "sk-")
    del made["key"]
    assert json.loads(said(command("keys", "list", "--json"))) == made | {"status": "active"}
    rotated = json.loads(said(command("keys", "rotate", "a", "--json")))
    assert rotated["id"] != made["id"]
    revoked = json.loads(said(command("keys", "revoke", "a", "--json")))
    assert (revoked["id"], revoked["status"]) == (rotated["id"], "revoked")
    assert len(said(command("keys", "delete", "a", "--yes", "--json")).splitlines()) == 2
    assert said(command("keys", "list", "--json")) == ""


@pytest.mark.parametrize(("text", "seconds"), [("90d", 90 * 86400), ("12h", 43200), ("30m", 1800)])
def test_a_key_for_a_time(command: Command, text: str, seconds: int) -> None:
    made = json.loads(said(command("keys", "create", "a", "--json", "--expires", text)))
    assert abs(made["expires_at"] - time.time() - seconds) < 60


def test_an_old_key_for_a_time(command: Command) -> None:
    command("keys", "create", "a")
    command("keys", "rotate", "a", "--grace", "12h")
    old, new = KeyFile("assistream.db").all()
    assert old.expires_at
    assert abs(old.expires_at - time.time() - 43200) < 60
    assert new.expires_at is None


def test_what_was_done_is_said(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTREAM_DATABASE", "other.db")
    command("keys", "create", "a")
    [key] = KeyFile("other.db").all()
    assert said(command("keys", "revoke", key.id)) == f"revoked a ({key.id})\n"
    assert said(command("keys", "delete", "a", "--yes")) == f"deleted a ({key.id})\n"


def test_the_last_key_is_not_deleted_by_accident(command: Command) -> None:
    """Without any, a server on this machine lets every program in."""
    for name in ("a", "b"):
        command("keys", "create", name)
    assert said(command("keys", "delete", "b")).startswith("deleted b")
    assert "'a' is the last key" in complaint(command("keys", "delete", "a"))
    assert [key.name for key in KeyFile("assistream.db").all()] == ["a"]
    said(command("keys", "delete", "a", "--yes"))
    assert KeyFile("assistream.db").all() == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("keys", "list"), "There is no database 'assistream.db'."),
        (("keys", "revoke", "a", "--database", "x.db"), "There is no database 'x.db'."),
        (("keys", "create", "a b"), "'a b' is no name for a key"),
        (("keys", "create", "a", "--project", "/"), "'/' is no name for a project"),
        (("keys", "create", "a", "--expires", "soon"), "'soon' is neither like 90d, 12h or 30m nor a date"),
        (("keys", "create", "a", "--expires", "2001-01-01"), "A key cannot expire before it was made."),
        (("keys", "create", "a", "--expires", "0d"), "'0d' is neither"),
        (("keys", "create", "a", "--expires", "999999999d"), "'999999999d' is neither"),
        (("keys", "create", "a", "--database", ":memory:"), "name a file"),
        (("keys", "rotate", "a", "--grace", "2001-01-01"), "'2001-01-01' is not like 90d, 12h or 30m"),
        (("keys", "create"), "Missing argument 'NAME'"),
        (("keys", "create", "a", "--database", "no/such.db"), "The keys in 'no/such.db' cannot be reached"),
    ],
)
def test_what_cannot_be_done_is_one_line(command: Command, arguments: tuple[str, ...], says: str) -> None:
    assert says in complaint(command(*arguments))


def test_keys_of_a_server_that_runs(command: Command) -> None:
    first = said(command("keys", "create", "first", "--database", "state.db")).strip()
    with serving("--database", "state.db") as server:
        assert "Keys in the database: 1, of the project default\n" in server.said
        second = said(command("keys", "create", "second", "--project", "search", "--database", "state.db")).strip()
        with Client(base_url=server.url, api_key=first) as client:
            client.beta.threads.create()
            command("keys", "revoke", "first", "--database", "state.db")
            with pytest.raises(AuthenticationError):
                while True:
                    client.beta.assistants.list()
        with Client(base_url=server.url, api_key=second) as client:
            assert client.beta.assistants.list().data == []
        code, _, err = server.stop(signal.SIGTERM)
    assert (code, err) == (0, "")


def test_a_server_for_others_with_keys_of_several_projects(command: Command) -> None:
    for name in ("a", "b", "c"):
        command("keys", "create", name, "--project", name, "--database", "state.db")
    command("keys", "revoke", "c", "--database", "state.db")
    with serving("--database", "state.db", "--host", "0.0.0.0") as server:
        assert "Keys in the database: 2, of the projects a, b\n" in server.said
        server.stop(signal.SIGTERM)


def test_without_the_engine(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("assistream.engine")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    assert 'needs sqlalchemy: pip install "assistream[engine]"' in complaint(command("keys", "list"))
