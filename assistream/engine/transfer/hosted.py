"""What people saved of the hosted API's answers, as an export: the same ids, and an order.

`created_at` has whole seconds. What shares one is in the order of its list; a list whose times go down is read from its
end, and one whose times tell nothing is taken for one with the newest first, which the API gave by default.
"""

from __future__ import annotations

import json
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ..lifecycle import Document
from ..tables import TABLES, to_json
from .databases import Place
from .found import objects_in_file
from .hosted_objects import KINDS, kept
from .kept import KEPT
from .lines import header, written
from .outcome import Counts, TransferError
from .shapes import fault

_NOTHING = "Nothing was imported."
_TABLES = """
CREATE TABLE files (file INTEGER PRIMARY KEY, newest_first INTEGER);
CREATE TABLE objects (
    kind TEXT, id TEXT, thread_id TEXT, run_id TEXT, created_at INTEGER, rank INTEGER, file INTEGER, place INTEGER,
    body TEXT, PRIMARY KEY (kind, id)
);
"""
# In a second that a thread shares with its messages, and these with their run, they came in this order.
_RANKS = {"assistant": 0, "thread": 1, "thread.message": 2, "thread.run": 3, "thread.run.step": 4}
# An object that was saved more than once, at different times, is the last of them.
_PUT = """
INSERT INTO objects VALUES (:kind, :id, :thread_id, :run_id, :created_at, :rank, :file, :place, :body)
ON CONFLICT DO UPDATE SET body = :body, created_at = :created_at
"""
_MAKE_THREADS = """
INSERT INTO objects
SELECT 'thread', thread_id, NULL, NULL, min(created_at), 1, min(file), min(place), NULL FROM objects
WHERE thread_id NOT NULL AND thread_id NOT IN (SELECT id FROM objects WHERE kind = 'thread') GROUP BY thread_id
"""
_IN_ORDER = """
SELECT kind, id, created_at, body, row_number() OVER (
    ORDER BY created_at, rank, CASE newest_first WHEN 1 THEN -place ELSE place END
) AS number FROM objects JOIN files USING (file)
"""
_LOOSE = "kind = 'thread.run.step' AND run_id NOT IN (SELECT id FROM objects WHERE kind = 'thread.run')"


class Hosted:
    """An export, to be iterated over: `load` takes it."""

    def __init__(self, database: sqlite3.Connection, left_out: Counts) -> None:
        self._database = database
        self.left_out: Counts = left_out
        """What was found besides, by its ``object``: files are told without what is in them, for example."""

    def __iter__(self) -> Iterator[bytes]:
        yield header({})
        # Objects that were imported one after the other must not share a moment, whatever their seconds.
        offset = random.randrange(500_000_000)
        self._database.execute(f"CREATE TEMP TABLE IF NOT EXISTS ordered AS {_IN_ORDER}")
        for table in KEPT.values():
            kinds = [kind for kind in KINDS if TABLES[kind] is table]
            query = f"SELECT * FROM ordered WHERE kind IN ({', '.join('?' * len(kinds))}) ORDER BY number"
            for kind, id, created_at, body, number in self._database.execute(query, kinds):
                blank = {"id": id, "object": kind, "created_at": created_at}
                document = _kept(json.loads(body) if body else blank)
                yield written(table, {"moment": created_at * 10**9 + offset + number, "body": document})


def _kept(document: Document) -> Document:
    ours: Document = {}
    try:
        ours = kept(document)
        problem = fault(ours)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        problem = f"it cannot be understood ({type(error).__name__}: {error})"
    if problem:
        raise TransferError(f"{document['object']} {document['id']!r}: {problem}. {_NOTHING}")
    return ours


@contextmanager
def from_openai(*paths: Place) -> Generator[Hosted]:
    """Reads assistants, threads, messages, runs and steps; messages without their thread get one.

    Raises `TransferError`, which says what cannot be read, and where.
    """
    with tempfile.TemporaryDirectory(prefix="assistream-") as place:
        with closing(sqlite3.connect(Path(place) / "objects.db")) as database:
            database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
            left_out = _collect(database, [Path(path) for path in paths])
            if loose := database.execute(f"DELETE FROM objects WHERE {_LOOSE}").rowcount:
                left_out["thread.run.step"] = loose  # without its run, a step says nothing
            database.execute(_MAKE_THREADS)
            yield Hosted(database, left_out)


def _collect(database: sqlite3.Connection, paths: Sequence[Path]) -> Counter[str]:
    left_out = Counter[str]()
    directions: list[int] = []
    place = 0
    for file, path in enumerate(paths):
        direction = _Direction()
        for document in objects_in_file(path):
            if document["object"] not in KINDS:
                left_out[document["object"]] += 1
                continue
            row = _row(document, path)
            database.execute(_PUT, row | {"file": file, "place": place})
            direction.see(row)
            place += 1
        directions.append(direction.sum)
    whole = sum(directions)
    for file, sum_of_steps in enumerate(directions):
        database.execute("INSERT INTO files VALUES (?, ?)", (file, int((sum_of_steps or whole) <= 0)))
    if not place:
        raise TransferError(f"There is no object of the API in {_listed(paths)}. {_NOTHING}")
    return left_out


class _Direction:
    """Whether the times of lists go up or down: the sum of their steps."""

    def __init__(self) -> None:
        self.sum = 0
        self._last: dict[str, Document] = {}

    def see(self, row: Document) -> None:
        last = self._last.get(row["kind"], row)
        self._last[row["kind"]] = row
        if last["thread_id"] == row["thread_id"]:
            self.sum += (row["created_at"] > last["created_at"]) - (row["created_at"] < last["created_at"])


def _row(document: Document, path: Path) -> Document:
    kind, id = document["object"], document["id"]
    created_at: Any = document.get("created_at")
    if isinstance(created_at, bool) or not isinstance(created_at, int) or not 0 <= created_at < 2**33:
        raise TransferError(f"{path}: the created_at of {id!r} is {created_at!r}, and no time of the API. {_NOTHING}")
    row: Document = {"kind": kind, "id": id, "created_at": created_at, "rank": _RANKS[kind], "body": to_json(document)}
    needed = {
        "thread.message": ("thread_id",),
        "thread.run": ("thread_id",),
        "thread.run.step": ("thread_id", "run_id"),
    }
    for name in needed.get(kind, ()):
        if not isinstance(document.get(name), str):
            raise TransferError(f"{path}: {id!r} has no {name}. {_NOTHING}")
    return row | {
        name: document.get(name) if name in needed.get(kind, ()) else None for name in ("thread_id", "run_id")
    }


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join(str(path) for path in paths) or "no file at all"
