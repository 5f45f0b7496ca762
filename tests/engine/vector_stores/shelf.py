"""Vector stores for tests, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.engine.conftest import Api, Json


def settled(api: Api, path: str) -> Json:
    """What is there once nothing of it is in progress; polls."""
    while (found := api.get(path))["status"] == "in_progress":
        pass
    return found


class Shelf:
    """A store, and files in it by their names."""

    def __init__(self, api: Api, **fields: Any) -> None:
        self.api = api
        self.store = api.post("/vector_stores", fields)
        self.path = f"/vector_stores/{self.store['id']}"

    @property
    def id(self) -> str:
        id: str = self.store["id"]
        return id

    @property
    def now(self) -> Json:
        """The store as it is."""
        return self.api.get(self.path)

    def put(self, content: str | bytes, name: str = "a.txt", **fields: Any) -> Json:
        """A new file, indexed, well or not."""
        data = content.encode() if isinstance(content, str) else content
        return self.add(self.api.upload(data, name)["id"], **fields)

    def add(self, file_id: str, **fields: Any) -> Json:
        """A file that there is already."""
        self.api.post(f"{self.path}/files", {"file_id": file_id} | fields)
        return settled(self.api, f"{self.path}/files/{file_id}")

    def put_all(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Files by their names, as one batch: their ids."""
        ids = {name: self.api.upload(text.encode(), name)["id"] for name, text in texts.items()}
        batch = self.api.post(f"{self.path}/file_batches", {"file_ids": list(ids.values())})
        assert settled(self.api, f"{self.path}/file_batches/{batch['id']}")["file_counts"]["completed"] == len(texts)
        return ids

    def search(self, query: str | list[str], **fields: Any) -> list[Json]:
        found: list[Json] = self.api.post(f"{self.path}/search", {"query": query} | fields)["data"]
        return found

    def names(self, query: str | list[str], **fields: Any) -> list[str]:
        return [hit["filename"] for hit in self.search(query, **fields)]

    def files(self, **query: Any) -> list[Json]:
        found: list[Json] = self.api.get(f"{self.path}/files", **query)["data"]
        return found
