"""All that a database has, as lines."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from .kept import KEPT, count_of, rows_of
from .lines import header, written
from .outcome import Counts


def counts_of(connection: sa.Connection) -> Counts:
    return {name: connection.scalar(count_of(table)) or 0 for name, table in _present(connection).items()}


def lines_of(connection: sa.Connection, counts: Counts) -> Iterator[bytes]:
    """The header, and a line for each row, read as they are asked for: parents first, in the order of creation."""
    yield header(counts)
    for table in _present(connection).values():
        for row in connection.execute(rows_of(table)):
            yield written(table, row._asdict())


def _present(connection: sa.Connection) -> dict[str, sa.Table]:
    """A database that an earlier release made may not have all of them yet."""
    there = set(sa.inspect(connection).get_table_names())
    return {name: table for name, table in KEPT.items() if name in there}
