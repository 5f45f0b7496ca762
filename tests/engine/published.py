"""What the published OpenAPI documents say of an answer, for both versions of the API."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator

from tests.engine.conftest import Json
from tests.shared import require_shared

_DOCUMENTS = {"v1": "openapi/v1.scope.json", "v2": "openapi/v2.server.json"}
_SCHEMAS = {
    "assistant": "AssistantObject",
    "assistant.deleted": "DeleteAssistantResponse",
    "assistant.file": "AssistantFileObject",
    "assistant.file.deleted": "DeleteAssistantFileResponse",
    "file": "OpenAIFile",
    "thread": "ThreadObject",
    "thread.deleted": "DeleteThreadResponse",
    "thread.message": "MessageObject",
    "thread.message.deleted": "DeleteMessageResponse",
    "thread.message.file": "MessageFileObject",
    "thread.run": "RunObject",
    "thread.run.step": "RunStepObject",
    "vector_store": "VectorStoreObject",
    "vector_store.deleted": "DeleteVectorStoreResponse",
    "vector_store.file": "VectorStoreFileObject",
    "vector_store.file.deleted": "DeleteVectorStoreFileResponse",
    "vector_store.files_batch": "VectorStoreFileBatchObject",
    "vector_store.search_results.page": "VectorStoreSearchResultsPage",
    "vector_store.file_content.page": "VectorStoreFileContentResponse",
}


def conforms(version: str, answer: Json) -> None:
    """Every object of the answer is as its version describes it."""
    for one in answer["data"] if answer["object"] == "list" else [answer]:
        name = "DeleteFileResponse" if one["object"] == "file" and "deleted" in one else _SCHEMAS[one["object"]]
        schema = {"$ref": f"#/components/schemas/{name}", "components": _components(version)}
        validator: Any = Draft202012Validator(schema)
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(one)]
        assert not errors, (one["object"], errors)


@cache
def _components(version: str) -> Any:
    document: Json = json.loads(require_shared(_DOCUMENTS[version]).read_text())
    return _modern(document["components"])


def _modern(schema: Any) -> Any:
    """OpenAPI 3.0 says `nullable`, which JSON Schema does not know."""
    if isinstance(schema, list):
        several: list[Any] = [*schema]
        return [_modern(one) for one in several]
    if not isinstance(schema, dict):
        return schema
    fields = cast("Json", schema)
    rest = {key: _modern(value) for key, value in fields.items() if key != "nullable"}
    return {"anyOf": [rest, {"type": "null"}]} if fields.get("nullable") is True else rest
