"""Spans of runs, as an exporter gets them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from assistream import APIError, AsyncClient, AsyncOpenTelemetry, ToolError, replay
from assistream.engine import Scripted, calls, fails, says
from assistream.engine.models import uses

from ..frames import DM, DONE, MC, MD, MI, RA, RC, RD, RF, RI, SC, SD, Object, call, code_call, event, step
from ..recording import OUTPUTS, AsyncTracer, async_streaming
from ..shared import shared_files
from ..wire import Wire, reset, stream

pytestmark = pytest.mark.anyio


class Spans:
    """What was exported."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = self.provider.get_tracer("test")

    @property
    def all(self) -> Sequence[ReadableSpan]:
        return sorted(self.exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def one(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self.all if span.name == name]
        return found

    @property
    def tree(self) -> list[str]:
        """Each span with its parents."""
        by_id = {span.context.span_id: span for span in self.all if span.context}

        def path(span: ReadableSpan) -> str:
            parent = by_id.get(span.parent.span_id) if span.parent else None
            return f"{path(parent)} > {span.name}" if parent else span.name

        return [path(span) for span in self.all]

    def attributes(self, name: str) -> dict[str, Any]:
        return dict(self.one(name).attributes or {})


@pytest.fixture
def spans() -> Spans:
    return Spans()


def look(at: str) -> str:
    return f"the {at} is blue"


def fall() -> str:
    raise ToolError("no floor")


async def async_loop(spans: Spans, model: Scripted, **options: Any) -> None:
    async with AsyncClient.embedded(model=model) as client:
        assistant = await client.beta.assistants.create(model="scripted", instructions="Help.")
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Hello."}])
        async with client.beta.threads.runs.create_and_stream(
            thread.id,
            assistant_id=assistant.id,
            tools=[look, fall],
            event_handler=AsyncOpenTelemetry(spans.tracer, **options),
        ) as live:
            await live.until_done()


async def test_a_run_with_tools(spans: Spans) -> None:
    asked = calls(look={"at": "sky"}, fall={}) + uses(20, 5)
    with spans.tracer.start_as_current_span("program"):
        await async_loop(spans, Scripted([asked, says("Blue.", usage=(30, 2))]))
    root = "program > invoke_agent"
    assert sorted(spans.tree) == sorted(
        [
            "program",
            root,
            f"{root} > chat scripted",
            f"{root} > chat scripted > execute_tool look",
            f"{root} > chat scripted > execute_tool fall",
            f"{root} > chat scripted",
        ]
    )
    run = spans.attributes("invoke_agent")
    assert run["gen_ai.operation.name"] == "invoke_agent"
    assert run["gen_ai.provider.name"] == "openai"
    assert run["gen_ai.agent.id"].startswith("asst_")
    assert run["gen_ai.conversation.id"].startswith("thread_")
    assert run["gen_ai.request.model"] == "scripted"
    assert (run["gen_ai.usage.input_tokens"], run["gen_ai.usage.output_tokens"]) == (50, 7)
    tool = spans.attributes("execute_tool look")
    assert tool["gen_ai.operation.name"] == "execute_tool"
    assert tool["gen_ai.tool.name"] == "look"
    assert tool["gen_ai.tool.type"] == "function"
    assert tool["gen_ai.tool.call.id"].startswith("call_")
    steps = [dict(span.attributes or {}) for span in spans.all if span.name == "chat scripted"]
    assert [step["gen_ai.response.finish_reasons"] for step in steps] == [("tool_calls",), ("stop",)]
    kinds = {span.name.split()[0]: span.kind for span in spans.all}
    assert kinds["invoke_agent"] == kinds["chat"] == SpanKind.CLIENT
    assert kinds["execute_tool"] == SpanKind.INTERNAL
    failed = spans.one("execute_tool fall")
    assert failed.status.status_code == StatusCode.ERROR
    assert (failed.attributes or {})["error.type"] == "ToolError"
    assert (failed.events, failed.status.description) == ((), None)
    assert {span.status.status_code for span in spans.all if span is not failed} == {StatusCode.UNSET}


async def test_content_is_told_only_when_asked_for(spans: Spans) -> None:
    await async_loop(spans, Scripted([calls(look={"at": "sky"}, fall={}), says("Blue.")]))
    told = " ".join(span.to_json() for span in spans.all)
    assert not any(secret in told for secret in ("sky", "Blue", "Help.", "floor"))


async def test_errors_are_content(spans: Spans) -> None:
    await async_loop(spans, Scripted([calls(fall={}), says("Oh.")]), capture_content=True)
    failed = spans.one("execute_tool fall")
    assert failed.status.description == "no floor"
    assert [event.name for event in failed.events] == ["exception"]


async def test_content(spans: Spans) -> None:
    await async_loop(spans, Scripted([calls(look={"at": "sky"}), says("Blue.")]), capture_content=True)
    tool, run = spans.attributes("execute_tool look"), spans.attributes("invoke_agent")
    assert json.loads(tool["gen_ai.tool.call.arguments"]) == {"at": "sky"}
    assert tool["gen_ai.tool.call.result"] == "the sky is blue"
    asked, said = json.loads(run["gen_ai.output.messages"])
    assert asked["parts"][0]["name"] == "look"
    assert asked["parts"][0]["arguments"] == {"at": "sky"}
    assert said == {"role": "assistant", "parts": [{"type": "text", "content": "Blue."}], "finish_reason": "stop"}
    assert json.loads(run["gen_ai.system_instructions"]) == [{"type": "text", "content": "Help."}]


async def test_a_run_that_fails(spans: Spans) -> None:
    await async_loop(spans, Scripted([fails("rate_limit_exceeded", "Slow down.")]))
    run = spans.one("invoke_agent")
    assert run.status.status_code == StatusCode.ERROR
    assert run.status.description == "rate_limit_exceeded: Slow down."
    assert (run.attributes or {})["error.type"] == "rate_limit_exceeded"


async def test_calls_answered_by_hand(server: Wire, async_client: AsyncClient, spans: Spans) -> None:
    server.add(stream(RC(), SC(calls=[]), RA(), DONE))
    server.add(stream(SD(calls=[call(output="42")]), RD(), DONE))

    class ByHand(AsyncTracer):
        async def on_run_requires_action(self, run: Any) -> None:
            async with async_client.beta.threads.runs.submit_tool_outputs_stream(
                run.id, thread_id=run.thread_id, tool_outputs=OUTPUTS, event_handler=handlers
            ) as inner:
                await inner.until_done()

    handlers = [ByHand(), AsyncOpenTelemetry(spans.tracer, capture_content=True)]
    async with async_streaming(async_client, handlers) as live:
        await live.until_done()
    assert spans.tree == [
        "invoke_agent",
        "invoke_agent > chat rehearsal",
        "invoke_agent > chat rehearsal > execute_tool look",
    ]
    assert spans.attributes("execute_tool look")["gen_ai.tool.call.result"] == "42"


async def test_tools_of_the_server(server: Wire, async_client: AsyncClient, spans: Spans) -> None:
    outputs = [{"type": "logs", "logs": "3"}]
    begun: list[Object] = [code_call(), {"id": "call_2", "type": "file_search"}]
    done = [code_call(outputs=outputs), begun[1]]
    server.add(stream(RC(), SC(calls=begun), SD(calls=done), RD(), DONE))
    async with async_streaming(async_client, AsyncOpenTelemetry(spans.tracer)) as live:
        await live.until_done()
    names = ["execute_tool code interpreter", "execute_tool file search"]
    assert [spans.attributes(name)["gen_ai.tool.type"] for name in names] == ["extension", "datastore"]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ((RC(), SC(), RI()), "incomplete"),
        ((RC(), event("thread.run.expired", {**json.loads(RC().split(b"data: ")[1]), "status": "expired"})), "expired"),
        ((RC(), MC(), MI("msg_1", "Hel"), RF()), "server_error"),
    ],
)
async def test_runs_that_do_not_succeed(
    server: Wire, async_client: AsyncClient, spans: Spans, frames: tuple[bytes, ...], code: str
) -> None:
    server.add(stream(*frames, DONE))
    async with async_streaming(async_client, AsyncOpenTelemetry(spans.tracer, capture_content=True)) as live:
        await live.until_done()
    assert spans.attributes("invoke_agent")["error.type"] == code


async def test_a_step_that_fails(server: Wire, async_client: AsyncClient, spans: Spans) -> None:
    error = {"code": "server_error", "message": "Ow"}
    server.add(stream(RC(), SC(), event("thread.run.step.failed", step(status="failed", last_error=error)), RF(), DONE))
    async with async_streaming(async_client, AsyncOpenTelemetry(spans.tracer)) as live:
        await live.until_done()
    assert spans.one("chat rehearsal").status.description == "server_error: Ow"


async def test_every_span_ends_when_the_connection_is_lost(
    server: Wire, async_client: AsyncClient, spans: Spans
) -> None:
    server.add(stream(RC(), SC(calls=[code_call(input="")]), then=reset()))
    with pytest.raises(APIError):
        async with async_streaming(async_client, AsyncOpenTelemetry(spans.tracer)) as live:
            await live.until_done()
    assert len(spans.all) == 3
    assert spans.attributes("invoke_agent")["error.type"] == "StreamTruncatedError"


async def test_every_span_ends_when_the_stream_is_left(server: Wire, async_client: AsyncClient, spans: Spans) -> None:
    server.add(stream(RC(), SC(), MC(), DM("msg_1", "Hel"), MD("msg_1", "Hel"), RD(), DONE))
    async with async_streaming(async_client, AsyncOpenTelemetry(spans.tracer)) as live:
        async for event in live:
            if event.event == "thread.message.created":
                break
    assert spans.tree == ["invoke_agent", "invoke_agent > chat rehearsal"]
    assert {span.status.status_code for span in spans.all} == {StatusCode.UNSET}


async def test_every_span_ends_when_the_program_is_interrupted(
    server: Wire, async_client: AsyncClient, spans: Spans
) -> None:
    server.add(stream(RC(), SC(), RD(), DONE))
    with pytest.raises(KeyboardInterrupt):
        async with async_streaming(async_client, AsyncOpenTelemetry(spans.tracer)) as live:
            async for _ in live:
                raise KeyboardInterrupt
    assert spans.attributes("invoke_agent")["error.type"] == "cancelled"


async def test_a_request_that_fails_has_a_span(server: Wire, async_client: AsyncClient, spans: Spans) -> None:
    handler = AsyncOpenTelemetry(spans.tracer)
    with pytest.raises(APIError):
        async with async_streaming(async_client.with_options(max_retries=0), handler) as live:
            await live.until_done()
    assert spans.attributes("invoke_agent")["error.type"] == "InternalServerError"


@pytest.mark.parametrize("path", shared_files("streams/*.sse"))
async def test_of_any_stream_every_span_ends(path: Any, spans: Spans) -> None:
    started = 0

    class Counting(trace.ProxyTracer):
        def start_span(self, *args: Any, **options: Any) -> Any:
            nonlocal started
            started += 1
            return spans.tracer.start_span(*args, **options)

    try:
        async with replay(path, AsyncOpenTelemetry(Counting("test"), capture_content=True), speed=None) as again:
            await again.until_done()
    except APIError:
        assert "error" in path.name
    assert started == len(spans.all)
    assert spans.one("invoke_agent").parent is None


async def test_without_a_tracer_the_global_one_is_used(server: Wire, async_client: AsyncClient) -> None:
    server.add(stream(RC(), RD(), DONE))  # the API alone, without an SDK, does nothing
    async with async_streaming(async_client, AsyncOpenTelemetry(provider="azure.ai.openai")) as live:
        assert (await live.get_final_run()).status == "completed"
