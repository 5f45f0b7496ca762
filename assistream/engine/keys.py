"""The keys of a database: who may use the engine that serves it, each for one project.

Of a key only a digest is kept. It is a random number of 256 bits, so that SHA-256 is enough: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from ..errors import ConfigurationError
from .filelock import FileLock, Taken
from .ids import new_id, now
from .migrations import VERSION, check, prepare
from .projects import DEFAULT, NAME
from .tables import KEYS

PREFIX = "sk-assistream-"
"""How keys begin: whoever finds one, or scans for them, sees what it is."""
BUSY = 5.0
"""Seconds to wait for the engine that is writing."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key. Times are seconds since the epoch."""

    id: str
    name: str
    project: str
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None
    used_at: int | None = None
    """When it was used last, give or take a minute."""

    def status(self, at: int) -> str:
        """``active``, ``expired`` or ``revoked``."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= at else "active"


def digest(key: str) -> str:
    return hashlib.sha256(key.encode("latin-1")).hexdigest()


def key_of(row: sa.Row[Any]) -> Key:
    known: dict[str, Any] = {name: value for name, value in row._mapping.items() if name != "digest"}
    return Key(**known)


class KeyFile:
    """The keys in the database at ``path``, also while an engine serves it: that one takes notice within a second.

    What cannot be done is a `ConfigurationError`.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = str(path)
        if self._path in ("", ":memory:"):
            raise ConfigurationError("Keys are kept in the database, and one in memory has none: name a file.")

    def create(self, name: str, project: str = DEFAULT, *, expires_at: int | None = None) -> tuple[Key, str]:
        """A new key, and what it is: nobody sees that again. Makes the database if there is none."""
        _check_name("key", name)
        _check_name("project", project)
        if expires_at is not None and expires_at <= now():
            raise ConfigurationError("A key cannot expire before it was made.")
        with self._opened(new=True) as connection:
            if any(key.name == name for key in _active(connection)):
                raise ConfigurationError(f"There is a key named {name!r}: revoke or rotate it, or choose another name.")
            return _insert(connection, name, project, expires_at)

    def all(self) -> list[Key]:
        """Those that are revoked or expired, too; in order of creation."""
        with self._opened() as connection:
            return _all(connection)

    def revoke(self, name: str) -> list[Key]:
        """The active keys of this name, or id, let nobody in any more."""
        with self._opened() as connection:
            return _revoke(connection, _named(_active(connection), name))

    def rotate(self, name: str, *, grace: int = 0, expires_at: int | None = None) -> tuple[Key, str]:
        """A new key in the place of one that is good for ``grace`` seconds more."""
        with self._opened() as connection:
            before = _named(_active(connection), name)
            if grace:
                _end(connection, before, now() + grace)
            else:
                _revoke(connection, before)
            return _insert(connection, before[-1].name, before[-1].project, expires_at)

    def delete(self, name: str, *, last: bool = True) -> list[Key]:
        """Forgets the keys of this name, or id. What was made with them stays, and belongs to their project.

        Without ``last`` it raises `ConfigurationError` where no key would be left.
        """
        with self._opened() as connection:
            keys = _named(there := _all(connection), name)
            if len(keys) == len(there) and not last:
                raise ConfigurationError(
                    f"{name!r} is the last key: without any, a server on a loopback address lets every program in."
                    " Revoke it, make another one first, or delete it with --yes."
                )
            connection.execute(KEYS.delete().where(_are(keys)))
            return keys

    @contextmanager
    def _opened(self, *, new: bool = False) -> Generator[sa.Connection]:
        if not new and not Path(self._path).is_file():
            raise ConfigurationError(f"There is no database {self._path!r}.")
        address = sa.URL.create("sqlite", database=self._path)
        engine = sa.create_engine(address, poolclass=sa.NullPool, connect_args={"timeout": BUSY})
        try:
            with self._ready(engine) as connection, connection.begin():
                # Two who do this at once come one after the other.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
        except (DatabaseError, sqlite3.Error, OSError) as error:
            reason = error.orig if isinstance(error, DatabaseError) else error
            raise ConfigurationError(f"The keys in {self._path!r} cannot be reached: {reason}.") from error

    @contextmanager
    def _ready(self, engine: sa.Engine) -> Generator[sa.Connection]:
        """The database with this version's tables. If an engine has it, that one has seen to it."""
        with ExitStack() as stack:
            connection = stack.enter_context(engine.connect())
            version = check(connection)
            connection.commit()
            with suppress(Taken):
                stack.callback(FileLock(self._path).release)
                if version < VERSION:
                    prepare(connection)
                    version = VERSION
            if version < VERSION:
                raise ConfigurationError(
                    f"An older engine has {self._path!r}, or one that is just starting: stop it, or try again."
                )
            yield connection


def has_keys(path: str | Path, *, active: bool = False) -> bool:
    """Whether the database has a key, or even one that lets somebody in. It is only looked at."""
    if str(path) in ("", ":memory:") or not Path(path).is_file():
        return False
    query = "SELECT 1 FROM keys WHERE NOT ? OR (revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?))"
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=BUSY)) as connection:
        return connection.execute(query, [active, now()]).fetchone() is not None
    return False


def _check_name(what: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise ConfigurationError(
            f"{name!r} is no name for a {what}: up to 64 letters, digits and . _ @ -, the first one a letter or digit."
        )


def _insert(connection: sa.Connection, name: str, project: str, expires_at: int | None) -> tuple[Key, str]:
    secret = PREFIX + secrets.token_urlsafe(32)
    key = Key(new_id("key"), name, project, now(), expires_at)
    row = {"id": key.id, "name": name, "project": project, "created_at": key.created_at, "expires_at": expires_at}
    connection.execute(KEYS.insert().values(**row, digest=digest(secret)))
    return key, secret


def _all(connection: sa.Connection) -> list[Key]:
    query = sa.select(KEYS).order_by(KEYS.c.created_at, sa.text("rowid"))
    return [key_of(row) for row in connection.execute(query)]


def _active(connection: sa.Connection) -> list[Key]:
    return [key for key in _all(connection) if key.status(now()) == "active"]


def _named(keys: Sequence[Key], name: str) -> list[Key]:
    if found := [key for key in keys if name in (key.name, key.id)]:
        return found
    raise ConfigurationError(f"There is no such key: {name!r}.")


def _are(keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    return KEYS.c.id.in_([key.id for key in keys])


def _revoke(connection: sa.Connection, keys: Sequence[Key]) -> list[Key]:
    connection.execute(KEYS.update().where(_are(keys)).values(revoked_at=now()))
    return _named_again(connection, keys)


def _end(connection: sa.Connection, keys: Sequence[Key], at: int) -> None:
    sooner = sa.or_(KEYS.c.expires_at.is_(None), KEYS.c.expires_at > at)
    connection.execute(KEYS.update().where(_are(keys), sooner).values(expires_at=at))


def _named_again(connection: sa.Connection, keys: Sequence[Key]) -> list[Key]:
    ids = {key.id for key in keys}
    return [key for key in _all(connection) if key.id in ids]
