"""The tables of a database: made, or brought from an earlier version to this one, in one transaction.

What a version adds tables for needs no step here (`create_all`); where it changes those there are it has one. Steps are
SQL and never change: they know the tables as they were then, and not those of today.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from .tables import METADATA

_log = logging.getLogger("assistream.engine")

APPLICATION = 0x41737374
"""Marks a file as an engine's ("Asst"): other programs have tables called threads and messages too."""
VERSION = 2
"""Of the tables. A file of an earlier one is upgraded, a file of a later one refused."""

_OBJECTS = ("assistants", "threads", "messages", "runs", "steps", "files")

STEPS: Mapping[int, Sequence[str]] = {
    # Projects: until then there was one.
    2: (
        *(f"ALTER TABLE {name} ADD COLUMN project VARCHAR DEFAULT 'default' NOT NULL" for name in _OBJECTS),
        *(f"CREATE INDEX {name}_of_project ON {name} (project, moment)" for name in ("assistants", "threads", "files")),
        "ALTER TABLE events ADD COLUMN at BIGINT",  # when an event came
    ),
}
"""By the version they lead to."""


class Unusable(OSError):
    """It is no database of this engine's, or of a later one's."""


def check(connection: sa.Connection) -> int:
    """The version of the tables; 0 if there are none. Nothing is written. Raises `Unusable`."""
    application, version, tables = (
        connection.exec_driver_sql(query).scalar() or 0
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if (application or tables) and application != APPLICATION:
        raise Unusable("it belongs to another program")
    if application and not 1 <= version <= VERSION:
        raise Unusable(
            f"it has version {version} of the tables, and this engine works with version {VERSION}:"
            " a later assistream has made it, and can read it"
        )
    return version if application else 0


def prepare(connection: sa.Connection) -> None:
    """Makes or upgrades the tables. All of it happens, or nothing: SQLite's DDL is part of a transaction that was
    begun in so many words.
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    version = check(connection)
    if 0 < version < VERSION:
        _log.info("The database is upgraded from version %d of the tables to version %d", version, VERSION)
        for step in range(version + 1, VERSION + 1):
            for statement in STEPS.get(step, ()):
                connection.exec_driver_sql(statement)
    METADATA.create_all(connection, checkfirst=version > 0)  # to look for each table takes longer than to make it
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    connection.commit()
