"""Assistants, the tools they may use, and the options they share with runs."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from .base import BaseModel, Metadata, Open, Unknown, always

FileSearchRanker: TypeAlias = Literal["auto", "default_2024_08_21"] | str
FunctionParameters: TypeAlias = dict[str, object]
"""A JSON Schema of a function's arguments."""


class FunctionDefinition(BaseModel):
    """A function that the model may call; `parameters` is a JSON Schema of its arguments."""

    name: Annotated[str, always] = ""
    description: str | None = None
    parameters: FunctionParameters | None = None
    strict: bool | None = None
    """Whether arguments keep to the schema exactly."""


class FunctionTool(BaseModel):
    """A tool that the program performs."""

    type: Literal["function"]
    function: Annotated[FunctionDefinition, always] = Field(default_factory=FunctionDefinition)


class CodeInterpreterTool(BaseModel):
    """The tool that runs Python code on the server."""

    type: Literal["code_interpreter"]


class FileSearchToolRankingOptions(BaseModel):
    """How results of a search are ranked, and from which score on they count."""

    score_threshold: Annotated[float, always] = 0.0
    """From 0, everything, to 1."""
    ranker: FileSearchRanker | None = None


class FileSearchToolOptions(BaseModel):
    """Settings of the file search tool."""

    max_num_results: int | None = None
    """From 1 to 50; None where the server decides."""
    ranking_options: FileSearchToolRankingOptions | None = None


class FileSearchTool(BaseModel):
    """The tool that searches vector stores (v2)."""

    type: Literal["file_search"]
    file_search: FileSearchToolOptions | None = None


class RetrievalTool(BaseModel):
    """The tool that searches the assistant's files (v1)."""

    type: Literal["retrieval"]


class UnknownTool(Unknown):
    """A tool of a type not known here."""


AssistantTool: TypeAlias = Annotated[
    CodeInterpreterTool | FileSearchTool | FunctionTool | RetrievalTool | UnknownTool, Open()
]


class ToolResourcesCodeInterpreter(BaseModel):
    """Files that the code interpreter may read."""

    file_ids: list[str] | None = None


class ToolResourcesFileSearch(BaseModel):
    """Vector stores that file search looks into."""

    vector_store_ids: list[str] | None = None


class ToolResources(BaseModel):
    """What the tools of an assistant or a thread have at hand (v2)."""

    code_interpreter: ToolResourcesCodeInterpreter | None = None
    file_search: ToolResourcesFileSearch | None = None


class ResponseFormatText(BaseModel):
    """Answers in plain text."""

    type: Literal["text"]


class ResponseFormatJSONObject(BaseModel):
    """Answers that are JSON objects."""

    type: Literal["json_object"]


class JSONSchema(BaseModel):
    """A named JSON Schema that answers keep to; the schema itself is the attribute `schema_`."""

    name: Annotated[str, always] = ""
    description: str | None = None
    schema_: dict[str, object] | None = Field(default=None, alias="schema")
    strict: bool | None = None


class ResponseFormatJSONSchema(BaseModel):
    """Answers that keep to a JSON Schema."""

    type: Literal["json_schema"]
    json_schema: Annotated[JSONSchema, always] = Field(default_factory=JSONSchema)


class UnknownResponseFormat(Unknown):
    """A format of a type not known here."""


ResponseFormat: TypeAlias = Annotated[
    ResponseFormatText | ResponseFormatJSONObject | ResponseFormatJSONSchema | UnknownResponseFormat, Open()
]
AssistantResponseFormatOption: TypeAlias = Literal["auto"] | str | ResponseFormat


class AssistantToolChoiceFunction(BaseModel):
    """The function that must be called."""

    name: Annotated[str, always] = ""


class AssistantToolChoice(BaseModel):
    """The one tool that must be called."""

    type: Annotated[Literal["function", "code_interpreter", "file_search"] | str, always] = ""
    function: AssistantToolChoiceFunction | None = None


AssistantToolChoiceOption: TypeAlias = Literal["none", "auto", "required"] | str | AssistantToolChoice


class Assistant(BaseModel):
    """A model with instructions, tools and settings, ready for runs."""

    id: str
    object: Annotated[Literal["assistant"], always] = "assistant"
    created_at: Annotated[int, always] = 0
    """In seconds since 1970."""
    name: str | None = None
    description: str | None = None
    """For people."""
    model: Annotated[str, always] = ""
    instructions: str | None = None
    """What the model is told before it reads a thread."""
    tools: Annotated[list[AssistantTool], always] = Field(default_factory=list[AssistantTool])
    """What the model may use."""
    tool_resources: ToolResources | None = None
    """The files and vector stores that the tools have at hand (v2)."""
    file_ids: list[str] | None = None
    """The same in v1."""
    metadata: Metadata | None = None
    """What the program attached."""
    temperature: float | None = None
    """From 0, the likeliest words, to 2."""
    top_p: float | None = None
    """From 0 to 1: only the likeliest words that together have this probability are chosen from."""
    response_format: AssistantResponseFormatOption | None = None
    """"auto", or what answers have to be."""
    reasoning_effort: str | None = None


class AssistantDeleted(BaseModel):
    """The answer to deleting an assistant."""

    id: str
    object: Annotated[Literal["assistant.deleted"], always] = "assistant.deleted"
    deleted: Annotated[bool, always] = True


class AssistantFile(BaseModel):
    """A file attached to an assistant (v1)."""

    id: str
    object: Annotated[Literal["assistant.file"], always] = "assistant.file"
    created_at: Annotated[int, always] = 0
    assistant_id: Annotated[str, always] = ""


class AssistantFileDeleted(BaseModel):
    """The answer to taking a file away from an assistant (v1); the file itself stays."""

    id: str
    object: Annotated[Literal["assistant.file.deleted"], always] = "assistant.file.deleted"
    deleted: Annotated[bool, always] = True
