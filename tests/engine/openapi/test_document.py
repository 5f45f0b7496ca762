"""The document is valid, and has every route. That the engine does as it says, `make test-api` finds out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest
from jsonschema import Draft202012Validator

from assistream.engine import Engine, Scripted
from assistream.engine.openapi import document
from assistream.engine.routes import ONLY, ROUTES
from assistream.engine.versions import Version
from tests.engine.conftest import Api, Json, ScriptedEngine

VERSIONS: list[Version] = ["v1", "v2"]


def values(whole: object, key: str) -> Iterator[Any]:
    """What is below that key, wherever it is."""
    if isinstance(whole, dict):
        for name, inner in cast("Json", whole).items():
            if name == key:
                yield inner
            yield from values(inner, key)
    elif isinstance(whole, list):
        for inner in cast("list[object]", whole):
            yield from values(inner, key)


@pytest.fixture(params=VERSIONS)
def described(request: pytest.FixtureRequest) -> Json:
    return document(request.param, keys=False)


def test_every_route_is_there(described: Json) -> None:
    routes = {(path.replace(":path", ""), method.lower()) for path, views in ROUTES.items() for method in views}
    paths = [(path, item) for path, item in described["paths"].items() if "servers" not in item]
    assert {(path, method) for path, item in paths for method in item if method != "parameters"} == routes


def test_names_are_of_one_operation_each(described: Json) -> None:
    names = list(values(described["paths"], "operationId"))
    assert len(set(names)) == len(names)
    assert "runs.submit_tool_outputs" in names


def test_schemas_are_valid_and_all_there(described: Json) -> None:
    schemas = described["components"]["schemas"]
    for schema in [*schemas.values(), *values(described["paths"], "schema")]:
        Draft202012Validator.check_schema(schema)
    named = {reference.removeprefix("#/components/schemas/") for reference in values(described, "$ref")}
    assert named <= set(schemas)


def test_parameters_of_paths_are_described(described: Json) -> None:
    for path, item in described["paths"].items():
        names = [parameter["name"] for parameter in item.get("parameters", [])]
        assert all(f"{{{name}}}" in path for name in names)
        assert len(names) == path.count("{")


def test_what_one_version_has_alone_is_described_as_that_one_has_it(described: Json) -> None:
    only = {version: path for path, views in ROUTES.items() for view in views.values() if (version := ONLY.get(view))}
    for version, path in only.items():
        item = described["paths"][path]
        headers = [
            parameter["schema"]["enum"]
            for name in item.keys() - {"parameters"}
            for parameter in item[name]["parameters"]
            if parameter["name"] == "OpenAI-Beta"
        ]
        assert [f"assistants={version}"] in headers


def test_the_versions_differ() -> None:
    first, second = (document(version, keys=False)["components"]["schemas"] for version in VERSIONS)
    assert "NewRetrievalTool" in first
    assert "NewRetrievalTool" not in second
    assert "file_ids" in first["NewCreateAssistant"]["properties"]
    assert "parallel_tool_calls" in second["Run"]["required"]
    assert "parallel_tool_calls" not in first["Run"]["properties"]


def test_answers_are_described_as_this_engine_gives_them() -> None:
    run = document("v2", keys=False)["components"]["schemas"]["Run"]
    assert run["properties"]["status"]["enum"][0] == "queued"
    assert run["properties"]["instructions"] == {"type": ["string", "null"]}
    assert {"id", "status", "tools"} <= set(run["required"])


def test_it_is_served() -> None:
    with Engine(model=Scripted([])) as engine, httpx.Client(base_url=engine.base_url.removesuffix("/v1")) as client:
        for query, version in (("", "v2"), ("?version=v2", "v2"), ("?version=v1", "v1")):
            answer = client.get(f"/openapi.json{query}")
            assert answer.json() == document(cast("Version", version), keys=False)
        refused = client.get("/openapi.json?version=v3")
        assert refused.status_code == 400
        assert refused.json()["error"]["param"] == "version"
        assert client.post("/openapi.json").status_code == 405


def test_with_keys_it_says_so_and_is_for_those_who_have_one() -> None:
    with Engine(model=Scripted([]), api_key="key") as engine:
        address = f"{engine.base_url.removesuffix('/v1')}/openapi.json"
        assert httpx.get(address).status_code == 401
        found = httpx.get(address, headers={"Authorization": "Bearer key"}).json()
    assert found["security"] == [{"key": []}]
    del found["paths"]["/health"]  # is for everybody
    assert all({"401"} <= set(one) for one in values(found["paths"], "responses"))


def test_an_answer_is_as_described(scripted_engine: ScriptedEngine) -> None:
    """One of them, as a sign that the schemas are tight: a status that is none is found."""
    api: Api = scripted_engine("Hello")
    whole = document("v2", keys=False)
    run = api.run_stream()[-1].data
    schema = {"$ref": "#/components/schemas/Run", "components": whole["components"]}
    validator: Any = Draft202012Validator(json.loads(json.dumps(schema)))
    assert validator.is_valid(run)
    for wrong in ({"status": "done"}, {"created_at": "today"}, {"object": "run"}, {"tools": [{"type": "new"}]}):
        assert not validator.is_valid(run | wrong)
