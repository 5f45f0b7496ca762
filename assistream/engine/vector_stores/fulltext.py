"""The words of chunks in SQLite's full-text index FTS5: the one part of vector stores that is SQLite's alone.

It answers how many chunks have a word, and which 200 of them may be the best ones; how good they are is for `ranking`.
What goes in, and what is asked for, are words as `words.words` makes them, each in quotes: no text is ever syntax.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from ..tables import CHUNKS, ENTRIES
from ..transaction import Transaction
from .common import COMMON
from .ranking import Candidate

MOST = 200
"""Chunks that are looked at closely."""
_RARE = 24
"""Words that candidates are looked for by: the rarest ones."""

_INSERT = sa.text("INSERT INTO vector_store_words (rowid, place, title, words) VALUES (:id, :place, :title, :words)")
_DELETE = sa.text(
    "DELETE FROM vector_store_words WHERE rowid IN"
    " (SELECT id FROM vector_store_chunks WHERE entry = :entry ORDER BY number LIMIT :most)"
)
_COUNT = sa.text("SELECT count(*) FROM vector_store_words WHERE vector_store_words MATCH :query")
_FIND = sa.text(
    "SELECT w.rowid FROM vector_store_words AS w JOIN vector_store_chunks AS c ON c.id = w.rowid"
    " WHERE vector_store_words MATCH :query AND w.rank MATCH 'bm25(0.0, 2.0, 1.0)'"
    " AND c.entry IN (SELECT value FROM json_each(:entries)) ORDER BY w.rank LIMIT :most"
)
_READ = sa.text("SELECT rowid, title, words FROM vector_store_words WHERE rowid IN (SELECT value FROM json_each(:ids))")


@dataclass(frozen=True, slots=True)
class Found:
    """What there is for one question: in how many of so many chunks each of its words is, and the candidates."""

    total: int = 0
    terms: Mapping[str, int] = field(default_factory=dict[str, int])
    candidates: Sequence[Candidate] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk as it is written."""

    number: int
    text: str
    shared: int
    words: str
    vector: bytes | None = None


async def add(transaction: Transaction, entry: int, place: str, title: str, pieces: Sequence[Piece]) -> None:
    rows = [
        {"entry": entry, "number": each.number, "text": each.text, "shared": each.shared, "vector": each.vector}
        for each in pieces
    ]
    await transaction.execute(CHUNKS.insert(), rows)
    numbers = [each.number for each in pieces]
    query = sa.select(CHUNKS.c.id).where(CHUNKS.c.entry == entry, CHUNKS.c.number.between(numbers[0], numbers[-1]))
    ids = (await transaction.execute(query.order_by(CHUNKS.c.number))).scalars()
    told = {"place": place, "title": title}
    await transaction.execute(
        _INSERT, [told | {"id": id, "words": each.words} for id, each in zip(ids, pieces, strict=True)]
    )


async def drop(transaction: Transaction, entry: int, most: int) -> bool:
    """Deletes some chunks of an entry, and the entry after its last one; whether it is gone."""
    await transaction.execute(_DELETE.bindparams(entry=entry, most=most))
    some = sa.select(CHUNKS.c.id).where(CHUNKS.c.entry == entry).order_by(CHUNKS.c.number).limit(most)
    if (await transaction.execute(CHUNKS.delete().where(CHUNKS.c.id.in_(some)))).rowcount == most:  # type: ignore[attr-defined]  # of a DELETE there is one
        return False
    await transaction.execute(ENTRIES.delete().where(ENTRIES.c.id == entry))
    return True


async def find(transaction: Transaction, places: Sequence[str], terms: Iterable[str], entries: Sequence[int]) -> Found:
    """The candidates for a question among the chunks of these entries, which are in these stores."""
    here = f"place : ({' OR '.join(map(_quoted, places))})"
    total = await _count(transaction, here)
    counts = {term: await _count(transaction, f"{here} AND {_has([term])}") for term in terms}
    told = _telling(counts, total)
    if not told:
        return Found(total, counts)
    asked = {"query": f"{here} AND {_has(told)}", "entries": json.dumps(list(entries)), "most": MOST}
    ids = list((await transaction.execute(_FIND.bindparams(**asked))).scalars())
    rows = await transaction.execute(_READ.bindparams(ids=json.dumps(ids)))
    return Found(total, counts, [Candidate(row.rowid, row.title, row.words) for row in rows])


def _telling(counts: Mapping[str, int], total: int) -> list[str]:
    """The words to look for: not those that are everywhere, in whichever language, unless there are no others."""
    known = sorted((term for term, count in counts.items() if count), key=lambda term: counts[term])
    rare = [term for term in known if term not in COMMON and counts[term] <= max(total / 2, MOST)]
    return (rare or known)[:_RARE]


async def _count(transaction: Transaction, query: str) -> int:
    count: int = (await transaction.execute(_COUNT.bindparams(query=query))).scalar_one()
    return count


def _has(terms: Iterable[str]) -> str:
    return f"{{title words}} : ({' OR '.join(map(_quoted, terms))})"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
