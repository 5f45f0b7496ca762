"""`assistream.types` as a whole, against the published API documents."""

from __future__ import annotations

from typing import Any

import pytest

import assistream.types
from assistream import types
from assistream.types import tools
from tests.types.published import never_null, properties

V1 = {
    types.Assistant: "AssistantObject",
    types.AssistantDeleted: "DeleteAssistantResponse",
    types.FunctionTool: "AssistantToolsFunction",
    types.CodeInterpreterTool: "AssistantToolsCode",
    types.FunctionDefinition: "FunctionObject",
    types.Thread: "ThreadObject",
    types.ThreadDeleted: "DeleteThreadResponse",
    types.Message: "MessageObject",
    types.TextContentBlock: "MessageContentTextObject",
    types.ImageFileContentBlock: "MessageContentImageFileObject",
    types.FileCitationAnnotation: "MessageContentTextAnnotationsFileCitationObject",
    types.FilePathAnnotation: "MessageContentTextAnnotationsFilePathObject",
    types.Run: "RunObject",
    types.Usage: "RunCompletionUsage",
    types.RequiredActionFunctionToolCall: "RunToolCallObject",
    types.RunStep: "RunStepObject",
    types.MessageCreationStepDetails: "RunStepDetailsMessageCreationObject",
    types.ToolCallsStepDetails: "RunStepDetailsToolCallsObject",
    types.FunctionToolCall: "RunStepDetailsToolCallsFunctionObject",
    types.CodeInterpreterToolCall: "RunStepDetailsToolCallsCodeObject",
    types.CodeInterpreterLogsOutput: "RunStepDetailsToolCallsCodeOutputLogsObject",
    types.CodeInterpreterImageOutput: "RunStepDetailsToolCallsCodeOutputImageObject",
    types.FileObject: "OpenAIFile",
    types.FileDeleted: "DeleteFileResponse",
}
ONLY_V1 = {
    types.RetrievalTool: "AssistantToolsRetrieval",
    types.RetrievalToolCall: "RunStepDetailsToolCallsRetrievalObject",
    types.AssistantFile: "AssistantFileObject",
    types.AssistantFileDeleted: "DeleteAssistantFileResponse",
    types.MessageFile: "MessageFileObject",
}
ONLY_V2 = {
    types.FileSearchTool: "AssistantToolsFileSearch",
    types.AssistantToolChoice: "AssistantsNamedToolChoice",
    types.ResponseFormatText: "ResponseFormatText",
    types.ResponseFormatJSONObject: "ResponseFormatJsonObject",
    types.ResponseFormatJSONSchema: "ResponseFormatJsonSchema",
    types.MessageDeleted: "DeleteMessageResponse",
    types.ImageURLContentBlock: "MessageContentImageUrlObject",
    types.RefusalContentBlock: "MessageContentRefusalObject",
    types.TruncationStrategy: "TruncationObject",
    types.FileSearchToolCall: "RunStepDetailsToolCallsFileSearchObject",
    types.FileSearchResult: "RunStepDetailsToolCallsFileSearchResultObject",
    types.FileSearchRankingOptions: "RunStepDetailsToolCallsFileSearchRankingOptionsObject",
    types.VectorStore: "VectorStoreObject",
    types.VectorStoreDeleted: "DeleteVectorStoreResponse",
    types.VectorStoreFile: "VectorStoreFileObject",
    types.VectorStoreFileDeleted: "DeleteVectorStoreFileResponse",
    types.VectorStoreFileBatch: "VectorStoreFileBatchObject",
    types.VectorStoreSearchResponse: "VectorStoreSearchResultItem",
    types.ExpiresAfter: "VectorStoreExpirationAfter",
    types.StaticFileChunkingStrategy: "StaticChunkingStrategy",
    types.StaticFileChunkingStrategyObject: "StaticChunkingStrategyResponseParam",
    types.OtherFileChunkingStrategyObject: "OtherChunkingStrategyResponseParam",
}
PUBLISHED = [("v1", *pair) for pair in (V1 | ONLY_V1).items()] + [("v2", *pair) for pair in (V1 | ONLY_V2).items()]
NULL_ALL_THE_SAME = {
    (types.Assistant, "file_ids"),  # these only v1 has
    (types.Message, "file_ids"),
    (types.Run, "file_ids"),
    (types.VectorStore, "name"),  # this the hosted API does leave null
}


@pytest.mark.parametrize(("version", "model", "schema"), PUBLISHED, ids=[f"{v}-{schema}" for v, _, schema in PUBLISHED])
def test_models_have_the_published_properties(version: str, model: type[types.BaseModel], schema: str) -> None:
    assert properties(version, schema) <= set(model.model_fields)


@pytest.mark.parametrize(("version", "model", "schema"), PUBLISHED, ids=[f"{v}-{schema}" for v, _, schema in PUBLISHED])
def test_what_is_never_null_has_a_value_of_its_own(version: str, model: type[types.BaseModel], schema: str) -> None:
    fields = model.model_fields
    for name in never_null(version, schema):
        if (model, name) in NULL_ALL_THE_SAME:
            assert fields[name].get_default() is None
            continue
        assert fields[name].is_required() or fields[name].get_default(call_default_factory=True) is not None, name


def test_only_identity_is_required() -> None:
    for name in types.__all__:
        model: Any = getattr(types, name)
        # Those of the tool loop are made here, from objects that were read.
        if isinstance(model, type) and issubclass(model, types.BaseModel) and model.__module__ != tools.__name__:
            needed = {field for field, info in model.model_fields.items() if info.is_required()}
            assert needed <= {"id", "type", "event", "data"}, name


def test_all_is_whole() -> None:
    assert all(hasattr(assistream.types, name) for name in types.__all__)
    assert len(set(types.__all__)) == len(types.__all__)
    assert not {"Always", "always", "Open"} & set(types.__all__)
    assert {"Run", "RunStatus", "RunCreateParams", "EVENT_TYPES", "NOT_GIVEN", "omit"} <= set(types.__all__)
