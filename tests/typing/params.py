"""How programs may call: checked by mypy and pyright, never run."""

from __future__ import annotations

from typing import Any, Literal, Unpack, assert_type

import httpx

from assistream.types import (
    NOT_GIVEN,
    Assistant,
    AssistantCreateParams,
    AssistantStreamEvent,
    AssistantToolParam,
    FunctionDefinition,
    FunctionTool,
    Message,
    MessageCreateParams,
    MessageListParams,
    Run,
    RunCreateParams,
    RunStepDeltaEvent,
    RunSubmitToolOutputsParams,
    TextContentBlock,
    ThreadCreateAndRunParams,
    ThreadCreateParams,
    UnknownEvent,
    Usage,
    omit,
)
from assistream.types.beta.threads import Run as BetaRun
from assistream.types.beta.threads.runs import RunStep as BetaRunStep
from assistream.types.beta.threads.runs.run_step import Usage as BetaUsage


def create_run(thread_id: str, **params: Unpack[RunCreateParams]) -> Run: ...  # type: ignore[empty-body]  # never run
def create_assistant(**params: Unpack[AssistantCreateParams]) -> None: ...
def create_thread(**params: Unpack[ThreadCreateParams]) -> None: ...
def create_and_run(**params: Unpack[ThreadCreateAndRunParams]) -> None: ...
def create_message(thread_id: str, **params: Unpack[MessageCreateParams]) -> None: ...
def list_messages(thread_id: str, **params: Unpack[MessageListParams]) -> None: ...
def submit(run_id: str, **params: Unpack[RunSubmitToolOutputsParams]) -> None: ...


def runs(assistant: Assistant) -> None:
    create_run("thread_1", assistant_id="asst_1")
    create_run("thread_1", assistant_id="asst_1", tools=assistant.tools, tool_choice="required", temperature=None)
    create_run(
        "thread_1",
        assistant_id="asst_1",
        additional_messages=[{"role": "user", "content": [{"type": "text", "text": "Hello"}]}],
        include=["step_details.tool_calls[*].file_search.results[*].content"],
        model=NOT_GIVEN,
        temperature=omit,
        tools=[{"type": "code_interpreter"}, {"type": "function", "function": {"name": "look", "parameters": {}}}],
        tool_choice={"type": "function", "function": {"name": "look"}},
        truncation_strategy={"type": "last_messages", "last_messages": 3},
        response_format={"type": "json_schema", "json_schema": {"name": "point", "schema": {"type": "object"}}},
        timeout=httpx.Timeout(5.0),
        extra_headers={"x": "y", "z": omit},
    )
    create_run("thread_1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue] -- assistant_id is missing
    create_run("thread_1", assistant_id="a", temprature=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue] -- must be refused
    create_run("thread_1", assistant_id=NOT_GIVEN)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] -- must be refused
    create_run("thread_1", assistant_id="a", tools=[{"type": "x"}])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType] -- must be refused


def others() -> None:
    tools: list[AssistantToolParam] = [FunctionTool(type="function", function=FunctionDefinition(name="look"))]
    create_assistant(model="m", tools=[*tools, {"type": "file_search", "file_search": {"max_num_results": 3}}])
    create_assistant(model="m", tool_resources={"file_search": {"vector_stores": [{"file_ids": ["file_1"]}]}})
    create_thread(messages=[{"role": "user", "content": "Hi"}], metadata={"a": "b"}, timeout=None)
    create_and_run(assistant_id="a", thread={"messages": [{"role": "user", "content": "Hi"}]})
    create_message("t", role="user", content="Hi", attachments=[{"file_id": "f", "tools": [{"type": "file_search"}]}])
    create_message("t", role="robot", content="Hi")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] -- must be refused
    list_messages("t", limit=5, order="asc", after=omit, run_id="run_1")
    submit("run_1", tool_outputs=[{"tool_call_id": "call_1", "output": "4"}])


def answers(run: Run, message: Message, event: AssistantStreamEvent) -> None:
    assert_type(run.status, Literal["queued", "in_progress", "requires_action", "cancelling", "cancelled", "failed", "completed", "incomplete", "expired"] | str)  # fmt: skip  # noqa: E501 -- one type
    assert_type(run.usage, Usage | None)
    for block in message.content:
        if block.type == "text":
            print(block.text.value.upper())
        if isinstance(block, TextContentBlock):
            assert_type(block.text.value, str)
    if event.event == "thread.message.delta":
        for part in event.data.delta.content or []:
            if part.type == "text" and part.text:
                print(part.text.value)
    if event.event == "thread.run.step.delta":
        assert_type(event.data, RunStepDeltaEvent)
    if isinstance(event, UnknownEvent):
        print(event.event.upper(), event.data)


def paths(run: BetaRun, step: BetaRunStep) -> None:
    assert_type(run, Run)
    assert_type(step.usage, BetaUsage | None)


def loose(tools: Any) -> None:
    create_run("thread_1", assistant_id="asst_1", tools=tools)
