"""The bodies of requests, with the limits of the API. What is not named here is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

Item = TypeVar("Item")
# Only the first fault of a request is told: pydantic shall not collect millions of them.
ListOf: TypeAlias = Annotated[list[Item], Field(fail_fast=True)]
_MOST_PAIRS = 16


def counted_pairs(pairs: Any) -> object:
    """pydantic would look at every pair before it counts them."""
    if isinstance(pairs, dict) and (got := len(cast("dict[str, object]", pairs))) > _MOST_PAIRS:
        context = {"field_type": "Dictionary", "max_length": _MOST_PAIRS, "actual_length": got}
        raise PydanticKnownError("too_long", context)
    return cast("object", pairs)


Metadata: TypeAlias = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]],
    Field(max_length=_MOST_PAIRS),
    BeforeValidator(counted_pairs),
]
Instructions: TypeAlias = Annotated[str, Field(max_length=256_000)]
Temperature: TypeAlias = Annotated[float, Field(ge=0, le=2)]
TopP: TypeAlias = Annotated[float, Field(ge=0, le=1)]


def _integral(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# JSON knows one kind of numbers: 256.0 is an integer.
INTEGRAL = BeforeValidator(_integral)
Budget: TypeAlias = Annotated[int, Field(ge=1, le=2**53 - 1), INTEGRAL]


@dataclass(frozen=True, slots=True)
class _BeginningWith:
    prefix: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {"pattern": f"^{self.prefix}"}

    def _check(self, id: str) -> str:
        if not id.startswith(self.prefix):
            raise PydanticCustomError(
                "id", "'{id}'. Expected an ID that begins with '{prefix}'", {"id": id, "prefix": self.prefix}
            )
        return id


FileId: TypeAlias = Annotated[str, _BeginningWith("file")]
AssistantId: TypeAlias = Annotated[str, _BeginningWith("asst")]
FileIds: TypeAlias = Annotated[ListOf[FileId], Field(max_length=20)]

_SHAPES: tuple[tuple[type, str], ...] = ((str, "string"), (list, "array"), (dict, "object"), (BaseModel, "object"))


def _shape(value: object) -> str | None:
    return next((name for kind, name in _SHAPES if isinstance(value, kind)), None)


def by_shape(shapes: str) -> Discriminator:
    """Tells the members of a union apart by what JSON they are, so that an error is about the one that was meant."""
    return Discriminator(
        _shape,
        custom_error_type="shape",
        custom_error_message=shapes,
    )


class Body(BaseModel):
    # Strict: the API does not take "5" for 5.
    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _with_one_unknown(cls, value: Any) -> object:
        """Of keys that nothing is called leaves the first, which is refused in its turn: after the fields."""
        if not isinstance(value, dict) or len(cast("dict[str, object]", value)) <= len(cls.model_fields):
            return cast("object", value)
        given = cast("dict[str, object]", value)
        known = [field.alias or name for name, field in cls.model_fields.items()]
        unknown = next(key for key in given if key not in known)
        return {key: given[key] for key in (*known, unknown) if key in given}

    def fields(self, *leave_out: str) -> dict[str, Any]:
        """What the request says, as JSON, without what it leaves out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={*leave_out, "stream"})


class Function(Body):
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class FunctionTool(Body):
    type: Literal["function"]
    function: Function


class CodeInterpreterTool(Body):
    type: Literal["code_interpreter"]


class RankingOptions(Body):
    score_threshold: Annotated[float, Field(ge=0, le=1)]
    ranker: Literal["auto", "default_2024_08_21"] | None = None


class SearchSettings(Body):
    max_num_results: Annotated[int, Field(ge=1, le=50), INTEGRAL] | None = None
    ranking_options: RankingOptions | None = None


class FileSearchTool(Body):
    type: Literal["file_search"]
    file_search: SearchSettings | None = None


Tool: TypeAlias = Annotated[CodeInterpreterTool | FunctionTool | FileSearchTool, Field(discriminator="type")]
Tools: TypeAlias = Annotated[ListOf[Tool], Field(max_length=128)]


class CodeInterpreterFiles(Body):
    file_ids: FileIds = []


class SearchedStores(Body):
    vector_store_ids: Annotated[ListOf[str], Field(max_length=1)] = []


class ChunkSizes(Body):
    max_chunk_size_tokens: Annotated[int, Field(ge=100, le=4096), INTEGRAL]
    chunk_overlap_tokens: Annotated[int, Field(ge=0), INTEGRAL]

    @model_validator(mode="after")
    def _not_more_than_half(self) -> Self:
        if self.chunk_overlap_tokens > self.max_chunk_size_tokens // 2:
            raise PydanticCustomError("overlap", "chunk_overlap_tokens must not exceed half of max_chunk_size_tokens")
        return self


class StaticChunking(Body):
    type: Literal["static"]
    static: ChunkSizes


class AutoChunking(Body):
    type: Literal["auto"]


ChunkingStrategy: TypeAlias = Annotated[StaticChunking | AutoChunking, Field(discriminator="type")]


class NewStore(Body):
    file_ids: Annotated[ListOf[FileId], Field(max_length=10_000)] = []
    chunking_strategy: ChunkingStrategy | None = None
    metadata: Metadata | None = None


class NewSearchedStores(SearchedStores):
    vector_stores: Annotated[ListOf[NewStore], Field(max_length=1)] = []


class ToolResources(Body):
    code_interpreter: CodeInterpreterFiles = CodeInterpreterFiles()
    file_search: SearchedStores = SearchedStores()


class NewToolResources(Body):
    """Where an assistant or thread is created, a vector store may be, too."""

    code_interpreter: CodeInterpreterFiles = CodeInterpreterFiles()
    file_search: NewSearchedStores = NewSearchedStores()


class ChosenFunction(Body):
    name: str


class ChosenFunctionTool(Body):
    type: Literal["function"]
    function: ChosenFunction


class ChosenTool(Body):
    type: Literal["file_search", "code_interpreter"]


AnyChosenTool: TypeAlias = Annotated[ChosenFunctionTool | ChosenTool, Field(discriminator="type")]
ToolChoice: TypeAlias = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("string")] | Annotated[AnyChosenTool, Tag("object")],
    by_shape("a string or an object"),
]


class JsonSchema(Body):
    name: str
    description: str | None = None
    # `schema` itself is a method of every model.
    schema_: Annotated[dict[str, Any] | None, Field(alias="schema")] = None
    strict: bool | None = None


class SchemaFormat(Body):
    type: Literal["json_schema"]
    json_schema: JsonSchema


class Format(Body):
    type: Literal["text", "json_object"]


AnyFormat: TypeAlias = Annotated[Format | SchemaFormat, Field(discriminator="type")]
ResponseFormat: TypeAlias = Annotated[
    Annotated[Literal["auto"], Tag("string")] | Annotated[AnyFormat, Tag("object")],
    by_shape("a string or an object"),
]


class Settings(Body):
    """What an assistant has and a run may override; tools, too, but not as many."""

    instructions: Instructions | None = None
    metadata: Metadata | None = None
    temperature: Temperature | None = None
    top_p: TopP | None = None
    reasoning_effort: str | None = None
    response_format: ResponseFormat | None = None


class AssistantSettings(Settings):
    name: Annotated[str, Field(max_length=256)] | None = None
    description: Annotated[str, Field(max_length=512)] | None = None
    tools: Tools | None = None


class CreateAssistant(AssistantSettings):
    model: str
    tool_resources: NewToolResources | None = None


class UpdateAssistant(AssistantSettings):
    model: str | None = None
    tool_resources: ToolResources | None = None


class Update(Body):
    """What can be changed of a message or run."""

    metadata: Metadata | None = None


class TextPart(Body):
    type: Literal["text"]
    text: str


class ImageURL(Body):
    url: str
    detail: Literal["auto", "low", "high"] | None = None


class ImageURLPart(Body):
    type: Literal["image_url"]
    image_url: ImageURL


class ImageFile(Body):
    file_id: FileId
    detail: Literal["auto", "low", "high"] | None = None


class ImageFilePart(Body):
    type: Literal["image_file"]
    image_file: ImageFile


ContentPart: TypeAlias = Annotated[TextPart | ImageURLPart | ImageFilePart, Field(discriminator="type")]
Content: TypeAlias = Annotated[
    Annotated[str, Field(max_length=256_000), Tag("string")]
    | Annotated[ListOf[ContentPart], Field(min_length=1), Tag("array")],
    by_shape("a string or an array of objects"),
]


class AttachedSearch(Body):
    type: Literal["file_search"]


class Attachment(Body):
    file_id: FileId
    tools: ListOf[Annotated[CodeInterpreterTool | AttachedSearch, Field(discriminator="type")]]


class CreateMessage(Body):
    role: Literal["user", "assistant"]
    content: Content
    attachments: ListOf[Attachment] | None = None
    metadata: Metadata | None = None

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The content as a message holds it: a string, and every text part, is a block of text with annotations."""
        parts = [TextPart(type="text", text=self.content)] if isinstance(self.content, str) else self.content
        return [_block(part) for part in parts]


def _block(part: TextPart | ImageURLPart | ImageFilePart) -> dict[str, Any]:
    if isinstance(part, TextPart):
        return {"type": "text", "text": {"value": part.text, "annotations": []}}
    block = part.model_dump(mode="json")
    block[part.type]["detail"] = block[part.type]["detail"] or "auto"
    return block


class UpdateThread(Body):
    tool_resources: ToolResources | None = None
    metadata: Metadata | None = None


class CreateThread(Body):
    messages: ListOf[CreateMessage] | None = None
    tool_resources: NewToolResources | None = None
    metadata: Metadata | None = None


class Truncation(Body):
    type: Literal["auto", "last_messages"]
    last_messages: Annotated[int, Field(ge=1), INTEGRAL] | None = None


class RunOptions(Settings):
    assistant_id: AssistantId
    model: str | None = None
    stream: bool | None = None
    max_prompt_tokens: Budget | None = None
    max_completion_tokens: Budget | None = None
    truncation_strategy: Truncation | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None


class CreateRun(RunOptions):
    # An assistant may have 128, a run may bring 20.
    tools: Annotated[ListOf[Tool], Field(max_length=20)] | None = None
    additional_instructions: Instructions | None = None
    additional_messages: ListOf[CreateMessage] | None = None


class CreateThreadAndRun(RunOptions):
    tools: Annotated[ListOf[Tool], Field(max_length=20)] | None = None
    thread: CreateThread | None = None
    tool_resources: ToolResources | None = None


def _require_call_id(schema: dict[str, Any]) -> None:
    schema["required"] = ["tool_call_id"]
    schema["properties"]["tool_call_id"] = {"type": "string"}


class ToolOutput(Body):
    """What has no id is refused with a text of its own, so not by this model."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra=_require_call_id)

    tool_call_id: str | None = None
    output: str | None = None


class SubmitToolOutputs(Body):
    tool_outputs: ListOf[ToolOutput]
    stream: bool | None = None


class ExpiresAfter(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    anchor: Literal["created_at"]
    seconds: Annotated[int, Field(ge=3600, le=30 * 24 * 3600)]


class FileFields(BaseModel):
    """What a form has besides a file. Not strict: all its values are texts."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    purpose: Literal["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]
    expires_after: ExpiresAfter | None = None


def _or_none(cursor: object) -> object:
    return cursor or None


Cursor: TypeAlias = Annotated[str | None, BeforeValidator(_or_none)]


class PageQuery(BaseModel):
    """The query of a list; an empty cursor is none."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    order: Literal["asc", "desc"] = "desc"
    after: Cursor = None
    before: Cursor = None

    @property
    def where(self) -> dict[str, str]:
        """What else the objects of the list must have."""
        return {}


class MessageQuery(PageQuery):
    run_id: Cursor = None

    @property
    def where(self) -> dict[str, str]:
        return {"run_id": self.run_id} if self.run_id else {}


class FileQuery(PageQuery):
    limit: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    purpose: Cursor = None

    @property
    def where(self) -> dict[str, str]:
        return {"purpose": self.purpose} if self.purpose else {}
