"""The parameters of every operation, each stated once; methods take them with `**params: Unpack[...]`.

Any option that is not required may be left out by giving `NOT_GIVEN` or `omit` for it.
Parameters that stand in a path (`thread_id`, `run_id`) and `stream` belong to the methods.
The dicts that go into them are in inputs.py, and can be imported from here too.
"""

# No `from __future__ import annotations` here: a TypedDict whose annotations are strings cannot tell at run time which
# of its keys are required, and that is where the error for a missing argument comes from.

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, Required, TypeAlias, TypedDict

from .assistants import ToolResources
from .base import Omit, Omittable
from .inputs import AssistantResponseFormatOptionParam as AssistantResponseFormatOptionParam
from .inputs import AssistantToolChoiceOptionParam as AssistantToolChoiceOptionParam
from .inputs import AssistantToolParam as AssistantToolParam
from .inputs import MessageParam as MessageParam
from .inputs import MetadataParam as MetadataParam
from .inputs import ReasoningEffort as ReasoningEffort
from .inputs import RunStepInclude as RunStepInclude
from .inputs import ThreadParam as ThreadParam
from .inputs import ToolOutput as ToolOutput
from .inputs import ToolResourcesParam as ToolResourcesParam
from .inputs import TruncationStrategyParam as TruncationStrategyParam
from .runs import TruncationStrategy

if TYPE_CHECKING:
    import httpx


ToolParam: TypeAlias = AssistantToolParam | Callable[..., object]
"""A tool of the server, the definition of a function, or a function itself."""


class RequestOptions(TypedDict, total=False):
    """What any call takes besides the parameters of its operation."""

    extra_headers: Mapping[str, str | Omit] | None
    """Sent with this request; they win over the client's own, and `omit` as a value takes a header out."""

    extra_query: Mapping[str, object] | None
    """Added to the query; a list becomes ``a[]=1&a[]=2``, a mapping ``a[b]=1``."""

    extra_body: Mapping[str, object] | None
    """Added to the JSON object that is sent; wins over parameters of the same name."""

    timeout: Omittable["float | httpx.Timeout | None"]
    """Seconds to connect, and for each wait for bytes, instead of the client's; None for no limit."""


class LoopOptions(TypedDict, total=False):
    """What a stream does when its run waits for outputs."""

    functions: Omittable[Iterable[Callable[..., object]]]
    """What answers calls, besides the functions among `tools`: for tools that the assistant has already."""

    max_turns: Omittable[int]
    """How often outputs are sent, by default 10; if the run wants more, it is cancelled: `MaxTurnsExceeded`."""

    errors: Omittable[Literal["tell", "raise"]]
    """What becomes of an exception in a function: the model is told, which is the default, or it is raised."""

    parse_as: Omittable[object | None]
    """The type that the last message is to have, for `get_final_parsed`; it is asked for as `response_format`."""


class MessageCreateParams(MessageParam, RequestOptions, total=False):
    """Add a message to a thread; `file_ids` is v1, `attachments` v2."""


class MessageUpdateParams(RequestOptions, total=False):
    """Change a message."""

    metadata: Omittable[MetadataParam | None]
    """Instead of what there was: up to 16 pairs of strings, of 64 and 512 characters."""


class PageParams(RequestOptions, total=False):
    """Which part of a list: at most `limit` (1 to 100, default 20), newest first unless `order` says otherwise."""

    after: Omittable[str]
    """The id of an object: those that follow it, in this order."""
    before: Omittable[str]
    """The id of an object: those that precede it, in this order."""
    limit: Omittable[int]
    """How many objects a page has at most, from 1 to 100; 20 by default."""
    order: Omittable[Literal["asc", "desc"]]
    """By the time they were made: "desc", the default, is the newest first."""


AssistantListParams: TypeAlias = PageParams
RunListParams: TypeAlias = PageParams


class MessageListParams(PageParams, total=False):
    """Which part of a thread's messages; with `run_id`, only those of that run."""

    run_id: Omittable[str]
    """Only the messages that this run wrote."""


class StepListParams(PageParams, total=False):
    """Which part of a run's steps, and what to include that is otherwise left out."""

    include: Omittable[Iterable[RunStepInclude]]
    """What else to fetch: `"step_details.tool_calls[*].file_search.results[*].content"`, what file searches found."""


class StepRetrieveParams(RequestOptions, total=False):
    """What to include that is otherwise left out."""

    include: Omittable[Iterable[RunStepInclude]]
    """What else to fetch: `"step_details.tool_calls[*].file_search.results[*].content"`, what file searches found."""


class _AssistantOptions(RequestOptions, total=False):
    description: Omittable[str | None]
    """For people: at most 512 characters."""
    instructions: Omittable[str | None]
    """What the model is told before it reads a thread."""
    metadata: Omittable[MetadataParam | None]
    """Up to 16 pairs of strings, of 64 and 512 characters."""
    name: Omittable[str | None]
    """For people: at most 256 characters."""
    reasoning_effort: Omittable[ReasoningEffort | None]
    """How long a reasoning model may think: "none", "minimal", "low", "medium", "high" or "xhigh"."""
    response_format: Omittable[AssistantResponseFormatOptionParam | None]
    """What answers are: "auto", or an object with the type "text", "json_object", or "json_schema" and its schema."""
    temperature: Omittable[float | None]
    """From 0, the likeliest words, to 2; the default is 1."""
    tool_resources: Omittable[ToolResourcesParam | ToolResources | None]
    """The files and vector stores that the tools have at hand (v2)."""
    file_ids: Omittable[Iterable[str]]
    """The same in v1."""
    tools: Omittable[Iterable[ToolParam]]
    """What the model may use, at most 128: code_interpreter, file_search, or functions of the program."""
    top_p: Omittable[float | None]
    """From 0 to 1, the default: only the likeliest words that together have this probability are chosen from."""


class AssistantCreateParams(_AssistantOptions, total=False):
    """Make an assistant; `file_ids` is v1, `tool_resources` v2."""

    model: Required[str]
    """The name of a model that the server has: `models.list` tells."""


class AssistantUpdateParams(_AssistantOptions, total=False):
    """Change an assistant."""

    model: Omittable[str]
    """The name of a model that the server has: `models.list` tells."""


class ThreadCreateParams(ThreadParam, RequestOptions, total=False):
    """Make a thread, with its first messages if there are any."""


class ThreadUpdateParams(RequestOptions, total=False):
    """Change a thread."""

    metadata: Omittable[MetadataParam | None]
    """Instead of what there was: up to 16 pairs of strings, of 64 and 512 characters."""
    tool_resources: Omittable[ToolResourcesParam | ToolResources | None]
    """The files and vector stores that tools have at hand in this thread (v2)."""


class _RunOptions(RequestOptions, total=False):
    assistant_id: Required[str]
    """The assistant that runs."""
    instructions: Omittable[str | None]
    """Instead of the assistant's."""
    max_completion_tokens: Omittable[int | None]
    """How many tokens may be written in the whole run, over all its turns; beyond, it ends as `incomplete`."""
    max_prompt_tokens: Omittable[int | None]
    """How many tokens may be read in the whole run, over all its turns; beyond, it ends as `incomplete`."""
    metadata: Omittable[MetadataParam | None]
    """Of the run: up to 16 pairs of strings, of 64 and 512 characters."""
    model: Omittable[str | None]
    """Instead of the assistant's."""
    parallel_tool_calls: Omittable[bool]
    """Whether the model may call several functions at once, as it may by default."""
    response_format: Omittable[AssistantResponseFormatOptionParam | None]
    """Instead of the assistant's: "auto", or an object with the type "text", "json_object", or "json_schema"."""
    temperature: Omittable[float | None]
    """From 0, the likeliest words, to 2."""
    tool_choice: Omittable[AssistantToolChoiceOptionParam | None]
    """Whether tools are called: "none", "auto" as the model likes, "required" at least one, or this one."""
    tools: Omittable[Iterable[ToolParam] | None]
    """Instead of the assistant's."""
    top_p: Omittable[float | None]
    """From 0 to 1: only the likeliest words that together have this probability are chosen from."""
    truncation_strategy: Omittable[TruncationStrategyParam | TruncationStrategy | None]
    """How a long thread is cut: of the type "auto" by the server, or to the "last_messages", so many."""


class RunCreateParams(_RunOptions, total=False):
    """Start a run on a thread; what is given here takes the place of the assistant's own for this run."""

    include: Omittable[Iterable[RunStepInclude]]
    """What steps tell besides: `"step_details.tool_calls[*].file_search.results[*].content"`, what searches found."""
    additional_instructions: Omittable[str | None]
    """Put after the instructions, which stay."""
    additional_messages: Omittable[Iterable[MessageParam] | None]
    """Added to the thread before the run starts."""
    reasoning_effort: Omittable[ReasoningEffort | None]
    """How long a reasoning model may think: "none", "minimal", "low", "medium", "high" or "xhigh"."""


class ThreadCreateAndRunParams(_RunOptions, total=False):
    """Make a thread and start a run on it."""

    thread: Omittable[ThreadParam]
    """What the thread is made from: its `messages`, `metadata` and `tool_resources`; without it, it is empty."""
    tool_resources: Omittable[ToolResourcesParam | ToolResources | None]
    """The files and vector stores that the tools have at hand, instead of the assistant's (v2)."""


class RunStreamParams(RunCreateParams, LoopOptions, total=False):
    """Start a run and stream it; functions among its tools are called when the model wants that."""


class ThreadCreateAndRunStreamParams(ThreadCreateAndRunParams, LoopOptions, total=False):
    """Make a thread, start a run on it and stream it."""


class RunUpdateParams(RequestOptions, total=False):
    """Change a run."""

    metadata: Omittable[MetadataParam | None]
    """Instead of what there was: up to 16 pairs of strings, of 64 and 512 characters."""


class RunSubmitToolOutputsParams(RequestOptions, total=False):
    """Answer the tool calls of a run in `requires_action`, all of them in one request."""

    tool_outputs: Required[Iterable[ToolOutput]]
    """For each call its `tool_call_id`, and as `output` what it gave, as text."""


class RunSubmitToolOutputsStreamParams(RunSubmitToolOutputsParams, LoopOptions, total=False):
    """Answer the tool calls of a run and stream what follows; `functions` answer those that follow."""


class RunResumeParams(RequestOptions, LoopOptions, total=False):
    """Go on with a run that waits for outputs."""

    approve: Omittable[Mapping[str, bool | str]]
    """By the ids of calls: whether they may be run; a text is a no that the model is told."""
