"""What the engine relies on in the objects that it keeps: an import is not to bring in what a run would stumble over.

Only that: what an object has besides, it keeps. Texts are looked at and not converted, for half a surrogate pair is
kept like any other text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    InstanceOf,
    Tag,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ..lifecycle import MESSAGE, RUN, STEP, Document, is_over
from ..vector_stores.objects import STATUSES

Text: TypeAlias = InstanceOf[str]
Fields: TypeAlias = InstanceOf[dict[str, Any]]


def _id(prefix: str) -> Any:
    return Field(pattern=rf"^{prefix}[A-Za-z0-9_-]+$", max_length=256)


def _one_of(statuses: Iterable[str]) -> Any:
    return Field(pattern=f"^({'|'.join(statuses)})$")


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True)


class _Words(_Shape):
    value: Text
    annotations: list[Fields]


class _TextBlock(_Shape):
    text: _Words


class _Refusal(_Shape):
    refusal: Text


class _Address(_Shape):
    url: Text


class _PictureByAddress(_Shape):
    image_url: _Address


class _FileId(_Shape):
    file_id: Text


class _Picture(_Shape):
    image_file: _FileId


def _type_of(block: Any) -> object:
    return cast("Document", block).get("type") if isinstance(block, dict) else None


_Block: TypeAlias = Annotated[
    Annotated[_TextBlock, Tag("text")]
    | Annotated[_Refusal, Tag("refusal")]
    | Annotated[_PictureByAddress, Tag("image_url")]
    | Annotated[_Picture, Tag("image_file")],
    Discriminator(_type_of),
]


class _Tool(_Shape):
    type: Text


class _Callable(_Shape):
    name: Text
    description: Text | None = None
    parameters: Fields | None = None


class _FunctionTool(_Shape):
    function: _Callable


class _Ranking(_Shape):
    ranker: Text | None = None
    score_threshold: float | None = None


class _Settings(_Shape):
    max_num_results: int | None = None
    ranking_options: _Ranking | None = None


class _SearchTool(_Shape):
    file_search: _Settings | None = None


def _one_of_types(*types: str) -> Discriminator:
    """By its type, where there may be others."""

    def kind(value: Any) -> str:
        return found if isinstance(found := _type_of(value), str) and found in types else "other"

    return Discriminator(kind)


_AnyTool: TypeAlias = Annotated[
    Annotated[_FunctionTool, Tag("function")]
    | Annotated[_SearchTool, Tag("file_search")]
    | Annotated[_Tool, Tag("other")],
    _one_of_types("function", "file_search"),
]


class _Searched(_Shape):
    vector_store_ids: list[Text] | None = None


class _Brought(_Shape):
    file_ids: list[Text] | None = None


class _Resources(_Shape):
    file_search: _Searched | None = None
    code_interpreter: _Brought | None = None


class _Named(_Shape):
    created_at: int
    metadata: dict[Text, Text]


class _Assistant(_Named):
    id: Annotated[str, _id("asst_")]
    model: Text
    instructions: Text | None
    tools: list[_AnyTool]
    tool_resources: _Resources
    temperature: float | None
    top_p: float | None
    reasoning_effort: Text | None
    response_format: Text | Fields | None


class _Thread(_Named):
    id: Annotated[str, _id("thread_")]
    tool_resources: _Resources


class _Message(_Named):
    id: Annotated[str, _id("msg_")]
    thread_id: Text
    run_id: Text | None
    role: Literal["user", "assistant"]
    status: Annotated[str, _one_of(MESSAGE)]
    content: list[_Block]
    attachments: list[_Attachment]


class _Attachment(_Shape):
    file_id: Text | None = None


class _Run(_Assistant):
    id: Annotated[str, _id("run_")]
    assistant_id: Text
    thread_id: Text
    status: Annotated[str, _one_of(RUN)]
    started_at: int | None
    expires_at: int | None
    cancelled_at: int | None
    failed_at: int | None
    completed_at: int | None
    last_error: Fields | None
    required_action: Fields | None
    incomplete_details: Fields | None
    usage: Fields | None
    max_prompt_tokens: int | None
    max_completion_tokens: int | None
    truncation_strategy: Fields
    tool_choice: Text | Fields
    parallel_tool_calls: bool


class _Usage(_Shape):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class _Going(_Shape):
    """A run that is not over: an engine is to go on with it, or to end it."""

    expires_at: int
    usage: _Usage


class _Function(_Shape):
    name: Text
    arguments: Text
    output: Text | None


class _FunctionCall(_Shape):
    id: Text
    function: _Function


class _Behind(_Shape):
    """What later runs are told of a call of a built-in tool."""

    name: Text
    arguments: Text
    told: Text | None = None
    sources: dict[Text, Text] = {}


class _OtherCall(_Shape):
    id: Text
    type: Text
    behind: _Behind = _Behind(name="", arguments="")


class _Found(_Shape):
    results: list[Fields] | None = None


class _SearchCall(_OtherCall):
    file_search: _Found


class _Drawn(_Shape):
    image: _FileId


_Output: TypeAlias = Annotated[Annotated[_Drawn, Tag("image")] | Annotated[_Tool, Tag("other")], _one_of_types("image")]


class _Ran(_Shape):
    outputs: list[_Output] = []


class _CodeCall(_OtherCall):
    code_interpreter: _Ran = _Ran()


_Call: TypeAlias = Annotated[
    Annotated[_FunctionCall, Tag("function")]
    | Annotated[_SearchCall, Tag("file_search")]
    | Annotated[_CodeCall, Tag("code_interpreter")]
    | Annotated[_OtherCall, Tag("other")],
    _one_of_types("function", "file_search", "code_interpreter"),
]


class _Calls(_Shape):
    tool_calls: list[_Call]


class _Step(_Named):
    id: Annotated[str, _id("step_")]
    thread_id: Text
    run_id: Text
    assistant_id: Text
    type: Text
    status: Annotated[str, _one_of(STEP)]
    step_details: Fields


class _CallingStep(_Shape):
    step_details: _Calls


class _File(_Shape):
    id: Annotated[str, _id("")]
    created_at: int
    bytes: Annotated[int, Field(ge=0)]
    filename: Text
    purpose: Text


class _Policy(_Shape):
    days: Annotated[int, Field(ge=1, le=365)]


class _Store(_Named):
    id: Annotated[str, _id("vs_")]
    name: Text | None
    last_active_at: int
    expires_after: _Policy | None
    expires_at: int | None


class _Sizes(_Shape):
    """Those that the API allows: in chunks of a byte each, a file would never be done."""

    max_chunk_size_tokens: Annotated[int, Field(ge=100, le=4096)]
    chunk_overlap_tokens: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _not_more_than_half(self) -> Self:
        if self.chunk_overlap_tokens > self.max_chunk_size_tokens // 2:
            raise PydanticCustomError("overlap", "chunk_overlap_tokens is more than half of max_chunk_size_tokens")
        return self


class _Chunking(_Shape):
    type: Literal["static"]
    static: _Sizes


class _StoredFile(_Shape):
    id: Annotated[str, _id("")]
    created_at: int
    vector_store_id: Text
    status: Annotated[str, _one_of(STATUSES)]
    usage_bytes: Annotated[int, Field(ge=0)]
    last_error: Fields | None
    chunking_strategy: _Chunking
    attributes: dict[Text, Text | int | float | bool]


class _Batch(_Shape):
    id: Annotated[str, _id("vsfb_")]
    created_at: int
    vector_store_id: Text
    status: Annotated[str, _one_of(STATUSES)]


_SHAPES: Mapping[str, TypeAdapter[Any]] = {
    kind: TypeAdapter(shape)
    for kind, shape in {
        "assistant": _Assistant,
        "thread": _Thread,
        "thread.message": _Message,
        "thread.run": _Run,
        "thread.run.step": _Step,
        "file": _File,
        "vector_store": _Store,
        "vector_store.file": _StoredFile,
        "vector_store.files_batch": _Batch,
    }.items()
}
_MORE: tuple[tuple[str, Callable[[Document], bool], TypeAdapter[Any]], ...] = (
    ("thread.run", lambda run: not is_over(run), TypeAdapter(_Going)),
    ("thread.run.step", lambda step: step["type"] == "tool_calls", TypeAdapter(_CallingStep)),
)
"""What some objects of a kind must have besides."""
_EVENT = re.compile(r"thread(\.[a-z_]+)+|error")


def fault(document: Document) -> str | None:
    """What is wrong with the object, in a few words; None if it can be kept."""
    kind = document["object"]
    try:
        _SHAPES[kind].validate_python(document)
        for which, applies, shape in _MORE:
            if which == kind and applies(document):
                shape.validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in ("body", *first["loc"]))
        return f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}"
    return None


def fault_of_event(row: Mapping[str, object]) -> str | None:
    """The same for an event, which goes to whoever follows its run as it is: a name and JSON in one line each."""
    name, data = row.get("name"), row.get("data")
    if not isinstance(name, str) or not _EVENT.fullmatch(name):
        return f"there is no event {name!r}"
    if not isinstance(data, str) or not data.isascii() or not data.isprintable():
        return "its data are no JSON as an engine writes it"
    try:
        told: object = json.loads(data)
    except (ValueError, RecursionError):
        told = None
    return None if isinstance(told, dict) else "its data are no object of JSON"
