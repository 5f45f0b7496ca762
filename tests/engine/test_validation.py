from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from assistream.engine import schemas_v1
from assistream.engine.errors import Refused
from assistream.engine.schemas import (
    CreateAssistant,
    CreateMessage,
    CreateRun,
    CreateThread,
    SubmitToolOutputs,
    UpdateThread,
)
from assistream.engine.validation import parse

from .conftest import Api

RUN = {"assistant_id": "asst_1"}


FAULTS: list[Any] = [
    (CreateRun, {}, "missing_required_parameter", "assistant_id", "Missing required parameter: 'assistant_id'."),
    (
        CreateRun,
        {"assistant_id": 5},
        "invalid_type",
        "assistant_id",
        "Invalid type for 'assistant_id': expected a string, but got an integer instead.",
    ),
    (CreateRun, RUN | {"colour": 1}, "unknown_parameter", "colour", "Unknown parameter: 'colour'."),
    (
        CreateRun,
        RUN | {"tool_choice": "maybe"},
        "invalid_value",
        "tool_choice",
        "Invalid value: 'maybe'. Supported values are: 'none', 'auto', and 'required'.",
    ),
    (
        CreateRun,
        RUN | {"tool_choice": 5},
        "invalid_type",
        "tool_choice",
        "Invalid type for 'tool_choice': expected a string or an object, but got an integer instead.",
    ),
    (
        CreateRun,
        RUN | {"temperature": 2.5},
        "decimal_above_max_value",
        "temperature",
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
    ),
    (
        CreateRun,
        RUN | {"max_prompt_tokens": 0},
        "integer_below_min_value",
        "max_prompt_tokens",
        "Invalid 'max_prompt_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    ),
    (
        CreateRun,
        RUN | {"tools": [{"type": "abacus"}]},
        "invalid_value",
        "tools[0].type",
        "Invalid value: 'abacus'. Supported values are: 'code_interpreter', 'function', and 'file_search'.",
    ),
    (
        CreateRun,
        RUN | {"tools": [{}]},
        "missing_required_parameter",
        "tools[0].type",
        "Missing required parameter: 'tools[0].type'.",
    ),
    (
        CreateRun,
        RUN | {"tools": [{"type": "function", "function": {"name": "a b"}}]},
        "invalid_value",
        "tools[0].function.name",
        "Invalid 'tools[0].function.name': string should match pattern '^[a-zA-Z0-9_-]{1,64}$'.",
    ),
    (
        CreateRun,
        RUN | {"tools": [{"type": None}]},
        "invalid_value",
        "tools[0].type",
        "Invalid value: 'null'. Supported values are: 'code_interpreter', 'function', and 'file_search'.",
    ),
    (
        CreateRun,
        RUN | {"truncation_strategy": {"type": {"a": True}}},
        "invalid_value",
        "truncation_strategy.type",
        "Invalid value: '{\"a\": true}'. Supported values are: 'auto' and 'last_messages'.",
    ),
    (
        CreateRun,
        RUN | {"tool_choice": {"type": "function"}},
        "missing_required_parameter",
        "tool_choice.function",
        "Missing required parameter: 'tool_choice.function'.",
    ),
    (
        CreateRun,
        RUN | {"tool_choice": {"type": "function", "function": {}}},
        "missing_required_parameter",
        "tool_choice.function.name",
        "Missing required parameter: 'tool_choice.function.name'.",
    ),
    (
        CreateRun,
        RUN | {"tool_choice": {}},
        "missing_required_parameter",
        "tool_choice.type",
        "Missing required parameter: 'tool_choice.type'.",
    ),
    (
        CreateRun,
        RUN | {"response_format": {"type": "json_schema"}},
        "missing_required_parameter",
        "response_format.json_schema",
        "Missing required parameter: 'response_format.json_schema'.",
    ),
    (
        CreateRun,
        RUN | {"response_format": {"type": "json_schema", "json_schema": {"name": 5}}},
        "invalid_type",
        "response_format.json_schema.name",
        "Invalid type for 'response_format.json_schema.name': expected a string, but got an integer instead.",
    ),
    (
        CreateThread,
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "size": 1}]}]},
        "unknown_parameter",
        "messages[0].content[0].size",
        "Unknown parameter: 'messages[0].content[0].size'.",
    ),
    (
        CreateMessage,
        {"role": "user", "content": None},
        "invalid_type",
        "content",
        "Invalid type for 'content': expected a string or an array of objects, but got null instead.",
    ),
    (
        CreateMessage,
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": 5}}]},
        "invalid_type",
        "content[0].image_url.url",
        "Invalid type for 'content[0].image_url.url': expected a string, but got an integer instead.",
    ),
    (
        UpdateThread,
        {"metadata": {str(number): "" for number in range(17)}},
        "object_above_max_properties",
        "metadata",
        "Invalid 'metadata': too many properties. Expected an object with at most 16 properties,"
        " but got an object with 17 properties instead.",
    ),
    (
        UpdateThread,
        {"metadata": {"k": "x" * 513}},
        "string_above_max_length",
        "metadata.k",
        "Invalid 'metadata.k': string too long. Expected a string with maximum length 512,"
        " but got a string with length 513 instead.",
    ),
    (
        UpdateThread,
        {"metadata": {"k": None}},
        "invalid_type",
        "metadata.k",
        "Invalid type for 'metadata.k': expected a string, but got null instead.",
    ),
    (
        UpdateThread,
        {"metadata": {"k" * 65: ""}},
        "string_above_max_length",
        "metadata",
        f"Invalid property name in 'metadata': '{'k' * 65}' is too long. Expected a string with maximum length 64,"
        " but got a string with length 65 instead.",
    ),
    (
        CreateAssistant,
        {"model": "any", "tools": [{"type": "file_search"}] * 129},
        "array_above_max_length",
        "tools",
        "Invalid 'tools': array too long. Expected an array with maximum length 128,"
        " but got an array with length 129 instead.",
    ),
    (
        UpdateThread,
        [],
        "invalid_type",
        None,
        "Invalid type for 'body': expected an object, but got an array instead.",
    ),
]


@pytest.mark.parametrize(("model", "body", "code", "param", "text"), FAULTS)
def test_faults(model: type[BaseModel], body: Any, code: str, param: str | None, text: str) -> None:
    with pytest.raises(Refused) as raised:
        parse(model, json.dumps(body).encode())
    error = raised.value
    assert (error.status, error.code, error.param, str(error)) == (400, code, param, text)


NO_JSON = [b"{", b"\xff", b"[NaN]", b"[1e400]", b"[" * 100_000, b"9" * 5_000, b'{"\\ud800": 1}', b'["\xed\xa0\x80"]']


@pytest.mark.parametrize("raw", NO_JSON, ids=lambda raw: raw[:5])
def test_what_is_not_json(raw: bytes) -> None:
    with pytest.raises(Refused, match="could not parse the JSON body"):
        parse(UpdateThread, raw)


@pytest.mark.parametrize(("depth", "status"), [(95, 200), (96, 400), (300, 400), (900, 400)])
def test_a_body_may_be_nested_up_to_a_limit(api: Api, depth: int, status: int) -> None:
    parameters = b'{"a": ' * depth + b"1" + b"}" * depth
    function = b'{"name": "f", "parameters": ' + parameters + b"}"
    body = b'{"model": "any", "tools": [{"type": "function", "function": ' + function + b"}]}"
    response = api.client.post("/assistants", content=body)
    assert response.status_code == status
    assert status == 200 or "nested too deep" in response.json()["error"]["message"]


@pytest.mark.parametrize("text", ["\\ud800", "\\udc00\\ud800", "a\\udfff"])
def test_half_a_surrogate_pair_is_no_text(api: Api, text: str) -> None:
    response = api.client.post("/threads/runs", content=b'{"assistant_id": "%s"}' % text.encode())
    assert (response.status_code, response.json()["error"]["type"]) == (400, "invalid_request_error")


def test_a_whole_surrogate_pair_is_text(api: Api) -> None:
    thread = api.client.post("/threads", content=b'{"metadata": {"k": "\\ud83d\\ude00"}}').json()
    assert thread["metadata"] == {"k": "\U0001f600"}


def test_no_body_is_an_empty_object() -> None:
    assert parse(UpdateThread, b"").fields() == {}


UNKNOWN = {f"k{number}": 0 for number in range(1_000)}
MESSAGE = {"role": "user", "content": "x"}
MANY_FAULTS: list[Any] = [
    (CreateThread, {"messages": [{}] * 1_000}, "messages[0].role"),
    (CreateThread, {"messages": [MESSAGE, MESSAGE | UNKNOWN]}, "messages[1].k0"),
    (CreateThread, {"metadata": dict.fromkeys(UNKNOWN, 0)}, "metadata"),
    (CreateThread, UNKNOWN, "k0"),
    (CreateRun, RUN | {"additional_messages": [5] * 1_000}, "additional_messages[0]"),
    (CreateRun, RUN | {"tools": [{}] * 1_000}, "tools[0].type"),
    (CreateRun, RUN | {"response_format": {"type": "text"} | UNKNOWN}, "response_format.k0"),
    (CreateMessage, {"role": "user", "content": [{}] * 1_000}, "content[0].type"),
    (
        CreateMessage,
        MESSAGE | {"attachments": [{"file_id": "file_1", "tools": [{}] * 1_000}]},
        "attachments[0].tools[0].type",
    ),
    (SubmitToolOutputs, {"tool_outputs": [UNKNOWN] * 1_000}, "tool_outputs[0].k0"),
    (
        CreateAssistant,
        {"model": "any", "tool_resources": {"code_interpreter": {"file_ids": [5] * 1_000}}},
        "tool_resources.code_interpreter.file_ids[0]",
    ),
    (schemas_v1.CreateThread, {"messages": [MESSAGE | {"file_ids": ["x"] * 1_000}] * 1_000}, "messages[0].file_ids[0]"),
]


@pytest.mark.parametrize(("model", "body", "param"), MANY_FAULTS, ids=[fault[2] for fault in MANY_FAULTS])
def test_only_the_first_of_many_faults_is_looked_for(model: type[BaseModel], body: Any, param: str) -> None:
    with pytest.raises(ValidationError) as invalid:
        model.model_validate(body)
    assert invalid.value.error_count() == len(invalid.value.errors()) <= 2
    with pytest.raises(Refused) as refused:
        parse(model, json.dumps(body).encode())
    assert refused.value.param == param


def test_a_fault_of_a_field_comes_before_an_unknown_key() -> None:
    with pytest.raises(Refused, match="Missing required parameter: 'assistant_id'"):
        parse(CreateRun, json.dumps(UNKNOWN).encode())


def test_unknown_keys_do_not_hide_a_field_with_an_alias() -> None:
    json_schema = UNKNOWN | {"name": "n", "schema": 5}
    body = RUN | {"response_format": {"type": "json_schema", "json_schema": json_schema}}
    with pytest.raises(Refused, match=r"'response_format\.json_schema\.schema': expected an object"):
        parse(CreateRun, json.dumps(body).encode())


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_large_body_is_checked_as_a_small_one_is(api: Api, version: str) -> None:
    headers = {"OpenAI-Beta": f"assistants={version}"}
    text = {"role": "user", "content": "x" * 100_000}
    assert api.client.post("/threads", json={"messages": [text]}, headers=headers).status_code == 200
    response = api.client.post("/threads", json={"messages": [text, {}]}, headers=headers)
    assert response.status_code == 400
    assert response.json()["error"]["param"] == "messages[1].role"
