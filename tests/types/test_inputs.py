from __future__ import annotations

from typing import Any

import pytest

from assistream.types import inputs
from tests.types.published import properties, required

PUBLISHED = {
    inputs.MessageParam: "CreateMessageRequest",
    inputs.ThreadParam: "CreateThreadRequest",
    inputs.FunctionDefinitionParam: "FunctionObject",
    inputs.FunctionToolParam: "AssistantToolsFunction",
    inputs.FileSearchToolParam: "AssistantToolsFileSearch",
    inputs.CodeInterpreterToolParam: "AssistantToolsCode",
    inputs.FileSearchRankingOptionsParam: "FileSearchRankingOptions",
    inputs.AssistantToolChoiceParam: "AssistantsNamedToolChoice",
    inputs.ResponseFormatJSONSchemaParam: "ResponseFormatJsonSchema",
    inputs.TruncationStrategyParam: "TruncationObject",
    inputs.StaticFileChunkingStrategyParam: "StaticChunkingStrategy",
    inputs.TextContentBlockParam: "MessageRequestContentTextObject",
    inputs.ImageFileContentBlockParam: "MessageContentImageFileObject",
    inputs.ImageURLContentBlockParam: "MessageContentImageUrlObject",
}


@pytest.mark.parametrize(("shape", "schema"), PUBLISHED.items(), ids=lambda value: getattr(value, "__name__", value))
def test_the_shapes_are_those_of_the_published_document(shape: Any, schema: str) -> None:
    only_v1 = {"file_ids"} if shape is inputs.MessageParam else set[str]()
    assert set(shape.__annotations__) - only_v1 == properties("v2", schema)
    assert shape.__required_keys__ == required("v2", schema)


def test_a_tool_output_needs_both_its_parts() -> None:
    assert inputs.ToolOutput.__required_keys__ == {"tool_call_id", "output"}
