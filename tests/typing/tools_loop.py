"""How programs use the tool loop: for mypy and pyright, never run."""

from __future__ import annotations

from typing import Any, assert_type

from pydantic import BaseModel

from assistream import (
    AssistantEventHandler,
    AssistantStreamManager,
    AsyncAssistantEventHandler,
    AsyncAssistantStreamManager,
    AsyncClient,
    Client,
    MaxTurnsExceeded,
    ToolContext,
    function_tool,
)
from assistream.types import (
    PendingCall,
    Run,
    ToolAnswer,
    ToolErrorEvent,
    ToolFailure,
    ToolMessage,
    ToolOutput,
    ToolOutputEvent,
    ToolProgressEvent,
    ToolResult,
    ToolStart,
    ToolStartedEvent,
)


class Forecast(BaseModel):
    city: str
    high: float


def get_weather(city: str, days: int = 1) -> Forecast:
    return Forecast(city=city, high=21.5)


async def fetch(city: str) -> str:
    return city


@function_tool(timeout=30, needs_approval=True)
def refund(ctx: ToolContext, order: str) -> str:
    ctx.progress("calling the bank")
    return "refunded"


class Printer(AssistantEventHandler):
    def on_tool_approval(self, call: PendingCall) -> bool:
        return bool(call.parsed["order"] != "A1")

    def on_tool_started(self, call: PendingCall) -> None:
        print(call.name, call.arguments, call.id, call.run_id, call.thread_id)

    def on_tool_progress(self, call: PendingCall, message: str) -> None:
        print(message)

    def on_tool_output(self, call: PendingCall, output: str) -> None:
        print(output)

    def on_tool_error(self, call: PendingCall, error: Exception) -> str:
        return "Try again."

    def on_run_requires_action(self, run: Run) -> None:
        self.submit_outputs([{"tool_call_id": call.id, "output": "42"} for call in self.pending_calls])


class AsyncPrinter(AsyncAssistantEventHandler):
    async def on_tool_approval(self, call: PendingCall) -> str | None:
        return None

    async def on_tool_error(self, call: PendingCall, error: Exception) -> None:
        self.cancel()

    async def on_run_requires_action(self, run: Run) -> None:
        self.submit_outputs([{"tool_call_id": "call_1", "output": "42"}])


def sync_streams(client: Client) -> None:
    client.beta.assistants.create(model="m", tools=[get_weather, refund, {"type": "file_search"}])
    client.beta.assistants.update("a", tools=[get_weather])
    runs = client.beta.threads.runs
    assert_type(runs.create("t", assistant_id="a", tools=[get_weather]), Run)
    assert_type(
        runs.create_and_stream("t", assistant_id="a", tools=[get_weather, refund], max_turns=8),
        AssistantStreamManager[AssistantEventHandler],
    )
    assert_type(
        runs.stream("t", assistant_id="a", functions=[refund], errors="raise", event_handler=Printer()),
        AssistantStreamManager[Printer],
    )
    assert_type(
        client.beta.threads.create_and_run_stream(assistant_id="a", tools=[refund], event_handler=[Printer()]),
        AssistantStreamManager[Printer],
    )
    assert_type(
        runs.submit_tool_outputs_stream("r", "t", tool_outputs=[], functions=[refund], event_handler=Printer()),
        AssistantStreamManager[Printer],
    )
    assert_type(
        runs.resume_stream("r", thread_id="t", functions=[refund], approve={"c": True, "d": "no"}),
        AssistantStreamManager[AssistantEventHandler],
    )
    assert_type(
        runs.resume_stream("r", thread_id="t", event_handler=Printer(), max_turns=3, parse_as=Forecast),
        AssistantStreamManager[Printer],
    )


def sync_results(client: Client) -> None:
    try:
        with client.beta.threads.runs.stream("t", assistant_id="a", parse_as=Forecast) as stream:
            for event in stream:
                if event.event == "tool.started":
                    assert_type(event, ToolStartedEvent)
                    assert_type(event.data, ToolStart)
                elif event.event == "tool.progress":
                    assert_type(event, ToolProgressEvent)
                    assert_type(event.data, ToolMessage)
                elif event.event == "tool.output":
                    assert_type(event, ToolOutputEvent)
                    assert_type(event.data, ToolResult)
                elif isinstance(event, ToolErrorEvent):
                    assert_type(event.data, ToolFailure)
                    assert_type(event.data.call.parsed, dict[str, Any])
            assert_type(stream.pending_calls, list[PendingCall])
            assert_type(stream.get_final_parsed(), Any)
            assert_type(stream.get_final_parsed(Forecast), Forecast)
            stream.cancel()
    except MaxTurnsExceeded as error:
        assert_type(error.run, Run)


async def async_streams(client: AsyncClient) -> None:
    await client.beta.assistants.create(model="m", tools=[fetch, refund])
    runs = client.beta.threads.runs
    assert_type(
        runs.create_and_stream("t", assistant_id="a", tools=[fetch, get_weather, {"type": "code_interpreter"}]),
        AsyncAssistantStreamManager[AsyncAssistantEventHandler],
    )
    async with runs.resume_stream("r", thread_id="t", functions=[fetch], event_handler=AsyncPrinter()) as stream:
        assert_type(stream, AsyncPrinter)
        assert_type(await stream.get_final_parsed(Forecast), Forecast)
        stream.cancel()


def by_hand(handler: AssistantEventHandler, texts: list[ToolOutput], answers: list[ToolAnswer]) -> None:
    handler.submit_outputs([{"tool_call_id": "call_1", "output": "text"}])
    handler.submit_outputs([{"tool_call_id": "call_1", "output": {"a": 1}}, {"tool_call_id": "call_2", "output": None}])
    handler.submit_outputs(
        {"tool_call_id": call.id, "output": Forecast(city="", high=1)} for call in handler.pending_calls
    )
    handler.submit_outputs(texts)
    handler.submit_outputs(answers)


def wrong(client: Client) -> None:
    runs = client.beta.threads.runs
    runs.stream("t", assistant_id="a", functions=["look"])  # type: ignore[list-item] # pyright: ignore[reportArgumentType, reportCallIssue] -- what is tested
    runs.stream("t", assistant_id="a", errors="ignore")  # type: ignore[call-overload] # pyright: ignore[reportArgumentType, reportCallIssue] -- what is tested
    runs.resume_stream("r", thread_id="t", tools=[refund])  # type: ignore[call-overload] # pyright: ignore[reportCallIssue] -- what is tested
