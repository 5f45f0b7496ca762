"""What is beside ``/v1``, and of no version; its own `servers` says so."""

from __future__ import annotations

from collections.abc import Mapping

from .components import Json

_STATE: Json = {
    "type": "object",
    "required": ["status", "version", "database"],
    "properties": {
        "status": {"enum": ["ok", "closing", "failing"]},
        "version": {"type": "string"},
        "database": {"enum": ["ok", "not writable", "unreachable"]},
    },
}
_ERROR: Json = {"$ref": "#/components/schemas/Error"}


def _is(description: str, type: str, schema: Json) -> Json:
    return {"description": description, "content": {type: {"schema": schema}}}


def _beside(operation: Json) -> Json:
    return {"servers": [{"url": "/"}], "get": operation}


BESIDE: Mapping[str, Json] = {
    "/health": _beside(
        {
            "operationId": "engine.health",
            "summary": "Ask whether the engine is well",
            "security": [],
            "responses": {
                "200": _is("It is", "application/json", _STATE),
                "503": _is("It is closing, or its database is in trouble", "application/json", _STATE),
            },
        }
    ),
    "/metrics": _beside(
        {
            "operationId": "engine.metrics",
            "summary": "Read what was counted, as Prometheus does",
            "responses": {
                "200": _is("OK", "text/plain", {"type": "string"}),
                "401": _is("It is for those who have a key", "application/json", _ERROR),
                "403": _is("It is for programs on its own machine", "application/json", _ERROR),
            },
        }
    ),
}
