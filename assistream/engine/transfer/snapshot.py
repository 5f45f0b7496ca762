"""A database as it is at one moment, read beside the engine that goes on writing it. Particular to SQLite.

A second connection that reads holds nobody up, and is held up by nobody (WAL). A database in memory has only the
connection of its engine: it is copied into a file first, and nothing is written for that moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from ...errors import ConfigurationError
from ..migrations import VERSION, check
from ..store import BUSY


@contextmanager
def reading(path: Path) -> Generator[sa.Connection]:
    """Sees nothing of what is written from now on. For any thread, one at a time.

    Raises `ConfigurationError` if it is no database of an engine.
    """
    if not path.is_file():
        raise ConfigurationError(f"There is no database {str(path)!r}.")
    engine = sa.create_engine("sqlite://", creator=lambda: _open(path), poolclass=NullPool)
    try:
        connection = _begun(engine)
    except (sqlite3.Error, DatabaseError, OSError) as error:
        reason = error.orig if isinstance(error, DatabaseError) else error
        raise ConfigurationError(f"{str(path)!r} cannot be read: {reason}.") from error
    with connection:
        yield connection


def _open(path: Path) -> sqlite3.Connection:
    # Not mode=ro, which leaves the files behind that go with WAL. A file that is read-only can be opened like this.
    address = f"file:{quote(str(path.resolve()))}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _begun(engine: sa.Engine) -> sa.Connection:
    connection = engine.connect()
    try:
        connection.exec_driver_sql("BEGIN")
        check(connection)  # the first that reads, and so the moment
        if not sa.inspect(connection).has_table("threads"):
            raise OSError("it is empty")
    except BaseException:
        connection.close()
        raise
    return connection


def refuse_older(connection: sa.Connection) -> None:
    """Raises `ConfigurationError` where the tables are those of an earlier release."""
    if (version := check(connection)) < VERSION:
        raise ConfigurationError(
            f"The database has version {version} of the tables, and version {VERSION} is needed: an engine that is"
            " started on it, or `assistream keys list`, upgrades it."
        )


def driver(connection: sa.Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
