"""The document: for every route what it takes and what comes of it, in the words of OpenAPI 3.1."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import get_args

from pydantic import BaseModel

from ..._version import __version__
from ...types.events import EVENT_TYPES
from ...types.pages import CursorPage, Page
from .. import schemas
from ..routes import ONLY, ROUTES, WITHOUT_VERSION, View
from ..schemas_v1 import BODIES
from ..terms import BUSY, CANCEL, EXPIRES_IN, LONGEST, WhenBusy
from ..versions import LATER, Version
from ..views.call import FOUND, PREFIXES, RESUME
from .components import Json, answered, taken
from .operations import OPERATIONS, Operation

_PARAMETER = re.compile(r"\{(\w+)(?::path)?\}")
_ERROR: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}
_ANY = (400, 404, 500)
"""What may come of every operation. Also 404: of a path that one version has and the other has not."""


@cache
def document(version: Version, *, keys: bool) -> Json:
    """All routes: those that only one version has as that one has them, the others as ``version`` does.

    ``keys`` says whether the engine lets in only who has a key.
    """
    return _Document(version, keys).whole


class _Document:
    def __init__(self, version: Version, keys: bool) -> None:
        self._version, self._keys = version, keys
        all_of_them = OPERATIONS.values()
        bodies = [body for operation in all_of_them if (body := self._body(operation))]
        self._taken, given = taken(bodies)
        answers = [_answer(operation) for operation in all_of_them]
        self._answered, said = answered(answers)
        # Where an assistant has none; the types make "" of it.
        said["Run"]["properties"]["instructions"] = {"type": ["string", "null"]}
        if version == "v1":
            _forget_later(said)
        self._schemas = {**given, **said, "Error": _ERROR}

    @property
    def whole(self) -> Json:
        whole: Json = {
            "openapi": "3.1.0",
            "info": {"title": "assistream", "version": __version__, "summary": "The Assistants API, embedded"},
            "servers": [{"url": "/v1"}],
            "paths": {_PARAMETER.sub(r"{\1}", path): self._path(path) for path in ROUTES},
            "components": {"schemas": self._schemas},
        }
        if self._keys:
            whole["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            whole["security"] = [{"key": []}]
        return whole

    def _body(self, operation: Operation) -> type[BaseModel] | None:
        body = operation.body
        return BODIES[body][0] if body and self._version == "v1" and body in BODIES else body

    def _path(self, path: str) -> Json:
        parameters = [_path_parameter(name) for name in _PARAMETER.findall(path)]
        operations = {method.lower(): self._operation(view) for method, view in ROUTES[path].items()}
        return {"parameters": parameters, **operations} if parameters else operations

    def _operation(self, view: View) -> Json:
        operation = OPERATIONS[view]
        described: Json = {
            "operationId": f"{view.__module__.rpartition('.')[2]}.{view.__name__}",
            "summary": operation.summary,
            "parameters": [*self._version_header(view), *_query(operation), *_headers(operation)],
            "responses": self._responses(operation),
        }
        if body := self._body(operation):
            described["requestBody"] = self._request_body(body)
        return described

    def _version_header(self, view: View) -> list[Json]:
        if view in WITHOUT_VERSION:
            return []
        version = ONLY.get(view, self._version)
        values = {"type": "string", "enum": [f"assistants={version}"]}
        return [_parameter("header", "OpenAI-Beta", values, required=True)]

    def _request_body(self, body: type[BaseModel]) -> Json:
        if body is schemas.FileFields:
            return {"required": True, "content": {"multipart/form-data": {"schema": _form()}}}
        # No body is an empty object, which is all that some operations need.
        needed = any(field.is_required() for field in body.model_fields.values())
        return {"required": needed, "content": {"application/json": {"schema": self._taken[body]}}}

    def _responses(self, operation: Operation) -> Json:
        statuses = [*_ANY, *operation.refusals, 401 if self._keys else 403, *([413] if operation.body else [])]
        refusals = {str(status): _refusal(status) for status in sorted(statuses)}
        return {"200": self._success(operation), **refusals}

    def _success(self, operation: Operation) -> Json:
        stream = {"text/event-stream": {"schema": _EVENT}}
        match operation.form:
            case "stream":
                content = stream
            case "content":
                content = {"application/octet-stream": {"schema": {"type": "string"}}}
            case _:
                content = {"application/json": {"schema": self._answered[_answer(operation)]}}
        if operation.may_stream:
            content = content | stream
        success: Json = {"description": "OK", "content": content}
        return success | {"headers": {RESUME: _RESUME}} if "text/event-stream" in content else success


def _forget_later(schemas: Json) -> None:
    for name in ("Assistant", "Thread", "Message", "Run"):
        schema = schemas[name]
        later = LATER[schema["properties"]["object"]["const"]]
        schema["properties"] = {key: value for key, value in schema["properties"].items() if key not in later}
        schema["required"] = [key for key in schema["required"] if key not in later]


_EVENT: Json = {
    "description": "Each event of the stream; the data of the last one is [DONE], all others have JSON.",
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"enum": [*EVENT_TYPES, "done"]},
        "data": {"type": "string"},
    },
}
_RESUME: Json = {"description": "Of a stream: where the rest of it can be had.", "schema": {"type": "string"}}


def _answer(operation: Operation) -> type[BaseModel]:
    if operation.form == "whole":
        return Page[operation.answer]  # type: ignore[name-defined]  # the argument is a type, known when it runs
    return CursorPage[operation.answer] if operation.form == "page" else operation.answer  # type: ignore[name-defined]  # as above


def _refusal(status: int) -> Json:
    error = {"$ref": "#/components/schemas/Error"}
    return {"description": HTTPStatus(status).phrase, "content": {"application/json": {"schema": error}}}


def _parameter(place: str, name: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _path_parameter(name: str) -> Json:
    schema: Json = {"type": "string", "minLength": 1}
    if prefix := PREFIXES.get(name.removesuffix("_id")):
        schema["pattern"] = f"^{prefix}"
    return _parameter("path", name, schema, required=True)


def _query(operation: Operation) -> list[Json]:
    fields: Json = operation.query.model_json_schema()["properties"] if operation.query else {}
    included: Json = {"include[]": {"type": "array", "items": {"type": "string", "enum": [FOUND]}}}
    found = {name: _plain(schema) for name, schema in fields.items()} | (included if operation.includes else {})
    return [_parameter("query", name, schema) for name, schema in found.items()]


def _plain(schema: Json) -> Json:
    """There is no null in a query."""
    [schema, *_] = schema.get("anyOf", [schema])
    return {key: value for key, value in schema.items() if key != "title"}


def _headers(operation: Operation) -> list[Json]:
    found: Json = {}
    if operation.form == "stream":
        found["Last-Event-ID"] = {"type": "string", "pattern": "^[0-9]{0,15}$"}
    if operation.begins_run or operation.body is schemas.CreateMessage:
        found[BUSY] = {"type": "string", "enum": list(get_args(WhenBusy))}
    if operation.begins_run:
        found[EXPIRES_IN] = {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST}
    if operation.may_stream:
        found[CANCEL] = {"type": "string", "enum": ["yes", "no"]}
    if operation.body:
        found["Idempotency-Key"] = {"type": "string", "maxLength": 255}
    return [_parameter("header", name, schema) for name, schema in found.items()]


def _form() -> Json:
    """A form writes the fields of an object as ``expires_after[anchor]``."""
    fields = schemas.FileFields.model_json_schema()
    [after] = fields["$defs"].values()
    nested = {f"expires_after[{name}]": schema for name, schema in after["properties"].items()}
    return {
        "type": "object",
        "required": ["file", "purpose"],
        "properties": {
            "file": {"type": "string", "minLength": 1, "contentMediaType": "application/octet-stream"},
            "purpose": fields["properties"]["purpose"],
            **nested,
        },
        "dependentRequired": {name: [other for other in nested if other != name] for name in nested},
        "additionalProperties": False,
    }
