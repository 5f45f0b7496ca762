"""The dicts that programs put into the parameters of operations.

Where the API takes an object, a dict and our own model of it are both accepted: tools and images read from one answer
can be sent with the next call.
"""

# No `from __future__ import annotations` here, for the reason given in params.py.

from collections.abc import Iterable, Mapping
from typing import Literal, Required, TypeAlias, TypedDict

from .assistants import AssistantTool, AssistantToolChoice, FileSearchRanker, JSONSchema, ResponseFormat, ToolResources
from .base import Omittable
from .messages import Attachment, ImageFile, ImageFileContentBlock, ImageURL, ImageURLContentBlock

RunStepInclude: TypeAlias = Literal["step_details.tool_calls[*].file_search.results[*].content"] | str
ReasoningEffort: TypeAlias = Literal["none", "minimal", "low", "medium", "high", "xhigh"] | str
MetadataParam: TypeAlias = Mapping[str, str]


class FunctionDefinitionParam(TypedDict, total=False):
    """A function that the model may call; `parameters` is a JSON Schema of its arguments."""

    name: Required[str]
    """Of letters, digits, ``_`` and ``-``; at most 64."""
    description: str
    """What it does, for the model to know when to call it."""
    parameters: Mapping[str, object]
    """A JSON Schema of its arguments; left out, it takes none."""
    strict: bool | None
    """Whether arguments must keep to the schema exactly."""


class FunctionToolParam(TypedDict, total=False):
    """A tool that the program performs."""

    type: Required[Literal["function"]]
    function: Required[FunctionDefinitionParam]


class CodeInterpreterToolParam(TypedDict, total=False):
    """The tool that runs Python code on the server."""

    type: Required[Literal["code_interpreter"]]


class FileSearchRankingOptionsParam(TypedDict, total=False):
    """How results of a search are ranked, and from which score on they count."""

    score_threshold: Required[float]
    """From 0, everything, to 1."""
    ranker: FileSearchRanker


class FileSearchOptionsParam(TypedDict, total=False):
    """Settings of the file search tool."""

    max_num_results: int
    """From 1 to 50."""
    ranking_options: FileSearchRankingOptionsParam


class FileSearchToolParam(TypedDict, total=False):
    """The tool that searches vector stores (v2)."""

    type: Required[Literal["file_search"]]
    file_search: FileSearchOptionsParam


class RetrievalToolParam(TypedDict, total=False):
    """The tool that searches the assistant's files (v1)."""

    type: Required[Literal["retrieval"]]


AssistantToolParam: TypeAlias = (
    CodeInterpreterToolParam | FileSearchToolParam | FunctionToolParam | RetrievalToolParam | AssistantTool
)


class AssistantToolChoiceFunctionParam(TypedDict):
    """The function that must be called."""

    name: str


class AssistantToolChoiceParam(TypedDict, total=False):
    """The one tool that must be called."""

    type: Required[Literal["function", "code_interpreter", "file_search"]]
    function: AssistantToolChoiceFunctionParam


AssistantToolChoiceOptionParam: TypeAlias = (
    Literal["none", "auto", "required"] | str | AssistantToolChoiceParam | AssistantToolChoice
)


class ResponseFormatTextParam(TypedDict):
    """Answers in plain text."""

    type: Literal["text"]


class ResponseFormatJSONObjectParam(TypedDict):
    """Answers that are JSON objects; the instructions must ask for JSON too."""

    type: Literal["json_object"]


class JSONSchemaParam(TypedDict, total=False):
    """A named JSON Schema that answers keep to."""

    name: Required[str]
    """Of letters, digits, ``_`` and ``-``; at most 64."""
    description: str
    """What the answer is for."""
    schema: Mapping[str, object]
    strict: bool | None
    """Whether answers must keep to the schema exactly."""


class ResponseFormatJSONSchemaParam(TypedDict):
    """Answers that keep to a JSON Schema."""

    type: Literal["json_schema"]
    json_schema: JSONSchemaParam | JSONSchema


AssistantResponseFormatOptionParam: TypeAlias = (
    Literal["auto"]
    | str
    | ResponseFormatTextParam
    | ResponseFormatJSONObjectParam
    | ResponseFormatJSONSchemaParam
    | ResponseFormat
)


class AutoFileChunkingStrategyParam(TypedDict):
    """The server chooses how files are cut."""

    type: Literal["auto"]


class StaticFileChunkingStrategyParam(TypedDict):
    """Sizes of the pieces that files are cut into."""

    chunk_overlap_tokens: int
    """How many tokens a piece shares with the one before; at most half of its size."""
    max_chunk_size_tokens: int
    """From 100 to 4096."""


class StaticFileChunkingStrategyObjectParam(TypedDict):
    """Files are cut into pieces of these sizes."""

    type: Literal["static"]
    static: StaticFileChunkingStrategyParam


FileChunkingStrategyParam: TypeAlias = AutoFileChunkingStrategyParam | StaticFileChunkingStrategyObjectParam


class ToolResourcesVectorStoreParam(TypedDict, total=False):
    """A vector store to be made for the assistant or thread."""

    file_ids: Iterable[str]
    chunking_strategy: FileChunkingStrategyParam
    metadata: MetadataParam | None


class ToolResourcesCodeInterpreterParam(TypedDict, total=False):
    """Files that the code interpreter may read."""

    file_ids: Iterable[str]
    """At most 20."""


class ToolResourcesFileSearchParam(TypedDict, total=False):
    """Vector stores that file search looks into: existing ones, or ones to be made (not in updates)."""

    vector_store_ids: Iterable[str]
    vector_stores: Iterable[ToolResourcesVectorStoreParam]


class ToolResourcesParam(TypedDict, total=False):
    """What the tools of an assistant or a thread have at hand (v2)."""

    code_interpreter: ToolResourcesCodeInterpreterParam
    file_search: ToolResourcesFileSearchParam


class TextContentBlockParam(TypedDict):
    """A block of text."""

    type: Literal["text"]
    text: str


class ImageFileParam(TypedDict, total=False):
    """An image by its file."""

    file_id: Required[str]
    detail: Literal["auto", "low", "high"]
    """How much of the image the model sees: "low" costs fewer tokens."""


class ImageFileContentBlockParam(TypedDict):
    """A block that shows an image file."""

    type: Literal["image_file"]
    image_file: ImageFileParam | ImageFile


class ImageURLParam(TypedDict, total=False):
    """An image by its address."""

    url: Required[str]
    detail: Literal["auto", "low", "high"]
    """How much of the image the model sees: "low" costs fewer tokens."""


class ImageURLContentBlockParam(TypedDict):
    """A block that shows an image from the web."""

    type: Literal["image_url"]
    image_url: ImageURLParam | ImageURL


MessageContentPartParam: TypeAlias = (
    ImageFileContentBlockParam
    | ImageURLContentBlockParam
    | TextContentBlockParam
    | ImageFileContentBlock
    | ImageURLContentBlock
)


class AttachmentParam(TypedDict, total=False):
    """A file that comes with a message, and the tools it is given to (v2)."""

    file_id: str
    tools: Iterable[AssistantToolParam]


class MessageParam(TypedDict, total=False):
    """A message, as the parameters of a thread or a run hold it."""

    content: Required[str | Iterable[MessageContentPartParam]]
    """Text, or blocks of text and images."""
    role: Required[Literal["user", "assistant"]]
    """Who says it: "user", or "assistant" for what the assistant is to have said before."""
    attachments: Omittable[Iterable[AttachmentParam | Attachment] | None]
    """Files, and the tools they are given to (v2)."""
    file_ids: Omittable[Iterable[str]]
    """Files (v1)."""
    metadata: Omittable[MetadataParam | None]
    """Up to 16 pairs of strings, of 64 and 512 characters."""


class ThreadParam(TypedDict, total=False):
    """A thread, as the parameters of `create_and_run` hold it."""

    messages: Omittable[Iterable[MessageParam]]
    """Its first messages."""
    metadata: Omittable[MetadataParam | None]
    """Up to 16 pairs of strings, of 64 and 512 characters."""
    tool_resources: Omittable[ToolResourcesParam | ToolResources | None]
    """The files and vector stores that tools have at hand in this thread (v2)."""


class TruncationStrategyParam(TypedDict, total=False):
    """How a long thread is cut to what the model reads: by the server, or to the last messages."""

    type: Required[Literal["auto", "last_messages"]]
    last_messages: int | None
    """How many, at least 1; only with `last_messages` as the type."""


class ToolOutput(TypedDict, total=False):
    """What a called function returned, as text."""

    tool_call_id: Required[str]
    """The `id` of the call."""
    output: Required[str]
    """What it gave; JSON is a good choice for what is no text."""


class ToolAnswer(TypedDict):
    """What a call that is answered by hand gave: as `ToolOutput`, but what is no text will be JSON."""

    tool_call_id: str
    """The `id` of the call."""
    output: object
    """What it gave, as a function would return it."""
