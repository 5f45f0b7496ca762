"""file_search: the model asks, and is told what the vector stores of its assistant and its thread have about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from ..citations import marker
from ..lifecycle import Document
from ..store import Store
from ..tables import THREADS
from ..vector_stores import Expired, Gone, Hit, Library
from .base import Answer, BadCall, Broken, Job, Reader, Silent

MOST, MOST_SMALL = 20, 5
"""Results, unless the tool's settings say how many; the second for models whose names begin with ``gpt-3.5``."""
TOLD = 64_000
"""Characters that a model is told of results, about as many as 20 whole chunks have. The last ones are left out.

A run with a limit of prompt tokens gets less: half of what is left of it, counting four characters to a token.
"""
QUERIES = 5
"""How many a call may have; more are not looked at."""
RANKER = "default_2024_08_21"

_HEAD = (
    "Passages from files, the best first. When you use one of them, cite it: write its mark, brackets and all and"
    " exactly as it stands here, right behind what you took from it."
)
_NOTHING = "Nothing was found. Other words may find something."


class FileSearch:
    type = "file_search"
    description = (
        "Searches the user's files by meaning and by words. Use it whenever the answer may be in them. Several queries"
        " in one call look at a question from several sides; each should make sense by itself."
    )
    parameters: Mapping[str, object] = {
        "type": "object",
        "properties": {
            "queries": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": QUERIES},
        },
        "required": ["queries"],
    }

    def __init__(self, store: Store, library: Library) -> None:
        self._store, self._library = store, library

    def opening(self, run: Document) -> Document:
        return {"ranking_options": _ranking(run), "results": []}

    def reader(self) -> Reader:
        return Silent()

    async def prepare(self, run: Document) -> None:
        """Waits until what was attached can be found."""
        store_ids = await self._stores(run)
        try:
            await self._library.ready(store_ids)
        except (Expired, Gone) as error:
            raise _broken(error) from error

    async def work(self, job: Job) -> Answer:
        ranking, store_ids = _ranking(job.run), await self._stores(job.run)
        queries = _queries(job.arguments)
        try:
            hits = await self._library.search(
                store_ids,
                queries,
                most=_most(job.run),
                threshold=ranking["score_threshold"],
                ranker=ranking["ranker"],
            )
        except (Expired, Gone) as error:
            raise _broken(error) from error
        sources = {f"{job.number}:{index}": hit.file_id for index, hit in enumerate(hits)}
        return Answer(
            _told(job.number, hits, _room(job.run)), job.body | {"results": [_result(hit) for hit in hits]}, sources
        )

    def forget(self, thread_id: str) -> None:
        pass

    async def _stores(self, run: Document) -> list[str]:
        async with self._store.transaction() as transaction:
            thread = await transaction.get(THREADS, run["thread_id"]) or {}
        return list(dict.fromkeys([*_named(run), *_named(thread)]))


def _named(document: Document) -> list[str]:
    resources: Document = document.get("tool_resources") or {}
    searched: Document = resources.get("file_search") or {}
    ids: list[str] = searched.get("vector_store_ids") or []
    return ids


def _settings(run: Document) -> Document:
    found: Sequence[Document] = [
        tool.get("file_search") or {} for tool in run["tools"] if tool["type"] == "file_search"
    ]
    return found[0] if found else {}


def _ranking(run: Document) -> Document:
    """As the API shows it, where nothing is said, too."""
    given: Document = _settings(run).get("ranking_options") or {}
    ranker = given.get("ranker") or RANKER
    return {"ranker": RANKER if ranker == "auto" else ranker, "score_threshold": given.get("score_threshold") or 0.0}


def _most(run: Document) -> int:
    most: int | None = _settings(run).get("max_num_results")
    return most or (MOST_SMALL if run["model"].startswith("gpt-3.5") else MOST)


def _queries(arguments: str) -> list[str]:
    try:
        given: object = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        raise BadCall('the arguments are no JSON object like {"queries": ["..."]}.') from None
    fields: Document = cast("Document", given) if isinstance(given, dict) else {}
    asked: Any = fields.get("queries") or fields.get("query")
    several = cast("list[object]", [asked] if isinstance(asked, str) else asked if isinstance(asked, list) else [])
    # Half a surrogate pair, which JSON can have, is nothing to look for.
    texts = [query.encode(errors="replace").decode() for query in several if isinstance(query, str)]
    queries = [text for text in texts if text.strip()]
    if not queries:
        raise BadCall('there is no query. Call it with {"queries": ["..."]}.')
    return queries[:QUERIES]


def _result(hit: Hit) -> Document:
    return {
        "file_id": hit.file_id,
        "file_name": hit.filename,
        "score": hit.score,
        "attributes": dict[str, Any](hit.attributes),
        "content": [{"type": "text", "text": text} for text in hit.content],
    }


def _room(run: Document) -> int:
    limit: int | None = run["max_prompt_tokens"]
    return TOLD if limit is None else min(TOLD, max(0, limit - run["usage"]["prompt_tokens"]) * 4 // 2)


def _told(number: int, hits: Sequence[Hit], left: int) -> str:
    if not hits:
        return _NOTHING
    parts = [_HEAD]
    for index, hit in enumerate(hits):
        text = "\n".join(hit.content)[:left]
        if not text:
            break
        left -= len(text)
        parts.append(f"{marker(number, index, hit.filename)}\n{text}")
    return "\n\n".join(parts)


def _broken(error: Expired | Gone) -> Broken:
    what = "has expired" if isinstance(error, Expired) else "does not exist"
    return Broken(f"The vector store {error.store_id} {what}. Attach the files to another one.")
