from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from assistream.types import (
    Assistant,
    AssistantDeleted,
    AssistantResponseFormatOption,
    AssistantToolChoice,
    AssistantToolChoiceOption,
    FileSearchTool,
    FunctionTool,
    JSONSchema,
    ResponseFormatJSONSchema,
    RetrievalTool,
    UnknownResponseFormat,
    UnknownTool,
)

from .recorded import documents, lossless


@pytest.mark.parametrize("path", documents("assistant"))
def test_recorded_assistants(path: Path) -> None:
    assert lossless(Assistant, path.read_bytes()).created_at > 0


@pytest.mark.parametrize("path", documents("assistant.deleted"))
def test_recorded_deletions(path: Path) -> None:
    assert lossless(AssistantDeleted, path.read_bytes()).deleted is True


def test_tools_of_both_versions_and_of_none() -> None:
    tools = [
        {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}, "strict": True}},
        {"type": "file_search", "file_search": {"ranking_options": {"ranker": "new", "score_threshold": 0.5}}},
        {"type": "retrieval"},
        {"type": "browser", "browser": {"headless": True}},
    ]
    read = lossless(Assistant, json.dumps({"id": "asst_1", "tools": tools, "file_ids": ["file_1"]}))
    assert [type(tool) for tool in read.tools] == [FunctionTool, FileSearchTool, RetrievalTool, UnknownTool]
    assert read.tools[0].function.name == "look"
    assert read.tools[3].browser == {"headless": True}
    assert read.file_ids == ["file_1"]


def test_a_bare_assistant() -> None:
    read = Assistant.model_validate_json('{"id": "asst_1"}')
    assert (read.object, read.model, read.tools, read.metadata) == ("assistant", "", [], None)


@pytest.mark.parametrize("sent", ["auto", "yaml"])
def test_a_response_format_may_be_a_word(sent: str) -> None:
    assert TypeAdapter[object](AssistantResponseFormatOption).validate_python(sent) == sent


def test_a_response_format_holds_its_schema() -> None:
    sent = {"name": "point", "schema": {"type": "object"}}
    read = lossless(AssistantResponseFormatOption, json.dumps({"type": "json_schema", "json_schema": sent}))
    assert isinstance(read, ResponseFormatJSONSchema)
    assert read.json_schema.schema_ == {"type": "object"}
    assert read.json_schema == JSONSchema(name="point", schema={"type": "object"})
    assert read.json_schema.to_dict() == sent


def test_a_response_format_not_known() -> None:
    read = lossless(AssistantResponseFormatOption, '{"type": "grammar", "grammar": "root ::= x"}')
    assert isinstance(read, UnknownResponseFormat)
    assert read.grammar == "root ::= x"


def test_a_tool_choice_is_a_word_or_a_tool() -> None:
    assert lossless(AssistantToolChoiceOption, '"required"') == "required"
    read = lossless(AssistantToolChoiceOption, '{"type": "function", "function": {"name": "look"}}')
    assert isinstance(read, AssistantToolChoice)
    assert read.function
    assert read.function.name == "look"
