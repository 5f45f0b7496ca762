"""Vector stores: how fast files are taken in, by kind, and how long a question takes, by the size of a store.

``python benchmarks/vector_stores.py`` prints two Markdown tables. All of it goes over HTTP to an engine in this
process, on a database in a file. The words of texts are as frequent as those of a language (Zipf); vectors are of 384
numbers, made by a function here, so that no model is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistream.engine import Engine
from tests.engine.documents.samples import KINDS, document

SIZES = (200, 2_000, 20_000)
"""Chunks of a store."""
FILES = 20
"""Documents of each kind."""
PARAGRAPHS, LONG = 60, 80
"""Of a document, and the words of each: some 30 KB of text."""
QUESTIONS = 100
BETA = {"OpenAI-Beta": "assistants=v2"}
CHUNKS = {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 0}}

chance = random.Random(1)
VOCABULARY = ["".join(chance.choices("abcdefghilmnoprstuvy", k=chance.randint(3, 10))) for _ in range(20_000)]
WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(VOCABULARY) + 1)))


def words(count: int) -> list[str]:
    return chance.choices(VOCABULARY, cum_weights=WEIGHTS, k=count)


async def embed(texts: Sequence[str]) -> list[list[float]]:
    return [random.Random(text).choices((-1.0, -0.5, 0.5, 1.0), k=384) for text in texts]


class Store:
    """One vector store, over HTTP."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.path = f"/vector_stores/{self.post('/vector_stores', {})['id']}"

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(path, json=body, headers=BETA).raise_for_status().json()

    def upload(self, name: str, data: bytes) -> str:
        form = self.client.post("/files", files={"file": (name, data)}, data={"purpose": "assistants"})
        id: str = form.raise_for_status().json()["id"]
        return id

    def take(self, file_ids: Sequence[str]) -> float:
        """Seconds until the files are indexed."""
        began = time.perf_counter()
        batch = self.post(f"{self.path}/file_batches", {"file_ids": list(file_ids), "chunking_strategy": CHUNKS})
        while batch["status"] == "in_progress":
            time.sleep(0.01)
            path = f"{self.path}/file_batches/{batch['id']}"
            batch = self.client.get(path, headers=BETA).raise_for_status().json()
        assert batch["file_counts"]["completed"] == len(file_ids), batch
        return time.perf_counter() - began

    def fill(self, chunks: int) -> float:
        """So many chunks, a hundred to a file: seconds until they are there."""
        each = min(chunks, 100)
        texts = (" ".join(words(each * 440)).encode() for _ in range(chunks // each))
        return self.take([self.upload(f"{number}.txt", text) for number, text in enumerate(texts)])

    def ask(self) -> list[float]:
        """Milliseconds that each question took."""
        took: list[float] = []
        for _ in range(QUESTIONS):
            question = " ".join(words(4) + chance.choices(VOCABULARY, k=4))
            began = time.perf_counter()
            self.post(f"{self.path}/search", {"query": question})
            took.append((time.perf_counter() - began) * 1000)
        return took


def taken_in(client: httpx.Client) -> None:
    print("| kind | documents/s | MB/s of text |")
    print("|---|---:|---:|")
    for kind in KINDS:
        store, size = Store(client), 0
        ids: list[str] = []
        for number in range(FILES):
            paragraphs = [" ".join(words(LONG)) for _ in range(PARAGRAPHS)]
            size += sum(map(len, paragraphs))
            ids.append(store.upload(*document(kind, f"Document {number}", paragraphs)))
        store.take(ids[:1])  # a process that reads documents is started once
        seconds = store.take(ids[1:])
        print(f"| {kind} | {(FILES - 1) / seconds:.1f} | {size * (FILES - 1) / FILES / seconds / 1e6:.2f} |")


def asked(client: httpx.Client, name: str) -> None:
    for size in SIZES:
        store = Store(client)
        seconds = store.fill(size)
        took = store.ask()
        p95 = statistics.quantiles(took, n=20)[-1]
        print(f"| {size:,} | {name} | {statistics.median(took):.1f} | {p95:.1f} | {size / seconds:,.0f} |")


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    about = f"{os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}"
    print(f"{about}, SQLite {sqlite3.sqlite_version}\n")
    with tempfile.TemporaryDirectory() as folder:
        for embeddings in (None, embed):
            path = Path(folder, f"{embeddings}.db")
            with Engine(path, embeddings=embeddings) as engine, httpx.Client(base_url=engine.base_url) as client:
                client.timeout = httpx.Timeout(600)
                if not embeddings:
                    taken_in(client)
                    print("\n| chunks | found by | median, ms | 95 %, ms | chunks/s taken in |")
                    print("|---:|---|---:|---:|---:|")
                asked(client, "words and vectors" if embeddings else "words")


if __name__ == "__main__":
    main()
