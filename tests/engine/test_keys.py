from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistream.engine import Engine
from assistream.engine import keys as module
from assistream.engine.keys import Key, KeyFile, digest, has_keys
from assistream.engine.migrations import VERSION
from assistream.errors import ConfigurationError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "engine.db"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def set_to(seconds: int) -> None:
        monkeypatch.setattr(module, "now", lambda: seconds)

    set_to(1000)
    return set_to


def test_a_key_is_told_once_and_not_kept(path: Path) -> None:
    key, secret = KeyFile(path).create("alice", "search")
    assert (key.name, key.project, key.expires_at, key.id[:4]) == ("alice", "search", None, "key_")
    assert KeyFile(path).all() == [key]
    assert len(secret) == len("sk-assistream-") + 43
    assert secret.startswith("sk-assistream-")
    with closing(sqlite3.connect(path)) as connection:
        dump = "\n".join(connection.iterdump())
    assert secret not in dump
    assert digest(secret) in dump


def test_no_two_keys_are_the_same(path: Path) -> None:
    assert KeyFile(path).create("a")[1] != KeyFile(path).create("b")[1]


@pytest.mark.parametrize(
    ("key", "status"),
    [
        (Key("key_1", "a", "p", 1), "active"),
        (Key("key_1", "a", "p", 1, expires_at=11), "active"),
        (Key("key_1", "a", "p", 1, expires_at=10), "expired"),
        (Key("key_1", "a", "p", 1, revoked_at=9), "revoked"),
        (Key("key_1", "a", "p", 1, expires_at=9, revoked_at=9), "revoked"),
    ],
)
def test_what_a_key_is(key: Key, status: str) -> None:
    assert key.status(10) == status


def test_a_key_is_revoked_by_its_name_or_id(path: Path, clock: Callable[[int], None]) -> None:
    keys = KeyFile(path)
    first, second = keys.create("a")[0], keys.create("b")[0]
    clock(1001)
    assert [(one.id, one.revoked_at) for one in keys.revoke("a")] == [(first.id, 1001)]
    assert [one.id for one in keys.revoke(second.id)] == [second.id]
    assert [one.status(1001) for one in keys.all()] == ["revoked", "revoked"]
    with pytest.raises(ConfigurationError, match="no such key: 'a'"):
        keys.revoke("a")


def test_a_name_is_free_again_when_its_key_is_no_more(path: Path, clock: Callable[[int], None]) -> None:
    keys = KeyFile(path)
    keys.create("a", expires_at=1010)
    with pytest.raises(ConfigurationError, match="There is a key named 'a'"):
        keys.create("a")
    clock(1010)
    keys.create("a")
    keys.revoke("a")
    keys.create("a")
    assert [one.status(1010) for one in keys.all()] == ["expired", "revoked", "active"]


def test_a_key_takes_the_place_of_another(path: Path, clock: Callable[[int], None]) -> None:
    keys = KeyFile(path)
    old, _ = keys.create("a", "search")
    new, _ = keys.rotate("a")
    assert (new.name, new.project, new.id != old.id) == ("a", "search", True)
    assert [one.status(1000) for one in keys.all()] == ["revoked", "active"]


def test_the_old_key_is_good_for_a_while(path: Path, clock: Callable[[int], None]) -> None:
    keys = KeyFile(path)
    keys.create("a")
    keys.rotate("a", grace=60)
    keys.rotate("a", grace=90, expires_at=5000)
    assert [one.expires_at for one in keys.all()] == [1060, 1090, 5000]
    assert [one.status(1070) for one in keys.all()] == ["expired", "active", "active"]


def test_a_key_is_forgotten(path: Path) -> None:
    keys = KeyFile(path)
    first, second = keys.create("a")[0], keys.create("b")[0]
    keys.revoke("a")
    assert [one.id for one in keys.delete("a")] == [first.id]
    assert keys.all() == [second]
    with pytest.raises(ConfigurationError, match="no such key"):
        keys.delete("a")


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", "a" * 65, "ä", "a\n", "a/b"])
def test_what_is_no_name(path: Path, name: str) -> None:
    for wrong in ((name, "p"), ("n", name)):
        with pytest.raises(ConfigurationError, match="is no name for a"):
            KeyFile(path).create(*wrong)
    assert not path.exists()


def test_a_key_that_has_expired_is_not_made(path: Path, clock: Callable[[int], None]) -> None:
    with pytest.raises(ConfigurationError, match="expire before"):
        KeyFile(path).create("a", expires_at=1000)


def test_a_database_that_is_not_there_is_made_for_a_first_key_only(path: Path) -> None:
    for ask in (KeyFile(path).all, lambda: KeyFile(path).revoke("a"), lambda: KeyFile(path).delete("a")):
        with pytest.raises(ConfigurationError, match="There is no database"):
            ask()
    assert not path.exists()
    with pytest.raises(ConfigurationError, match="unable to open"):
        KeyFile(path / "deeper.db").create("a")


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_keys_need_a_file(path: str) -> None:
    with pytest.raises(ConfigurationError, match="name a file"):
        KeyFile(path)
    assert not has_keys(path)


def test_whether_there_are_keys(path: Path, tmp_path: Path) -> None:
    assert (has_keys(path), path.exists()) == (False, False)
    KeyFile(path).create("a")
    assert (has_keys(path), has_keys(path, active=True)) == (True, True)
    KeyFile(path).revoke("a")
    assert (has_keys(path), has_keys(path, active=True)) == (True, False)
    (tmp_path / "notes.txt").write_text("These are notes. " * 100)
    assert not has_keys(tmp_path / "notes.txt")


def test_a_database_that_an_engine_has(path: Path) -> None:
    with Engine(path):
        key, _ = KeyFile(path).create("a")
        assert KeyFile(path).all() == [key]


def test_an_older_engine_has_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(path):
        monkeypatch.setattr(module, "VERSION", VERSION + 1)
        with pytest.raises(ConfigurationError, match="An older engine has"):
            KeyFile(path).create("a")
