from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, StatusCode

from assistream.engine import Engine, ModelRequest, Scripted, calls, fails, pauses, says, uses
from assistream.engine.models import Finish, ModelDelta, TextDelta
from tests.engine.conftest import BETA, Api, ScriptedEngine, path_of

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Spans(SpanExporter):
    def __init__(self) -> None:
        self._ended: list[ReadableSpan] = []
        self._news = threading.Condition()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        with self._news:
            self._ended += spans
            self._news.notify_all()
        return SpanExportResult.SUCCESS

    def wait(self, name: str, count: int = 1) -> list[ReadableSpan]:
        def found() -> list[ReadableSpan]:
            return [span for span in self._ended if span.name == name]

        with self._news:
            assert self._news.wait_for(lambda: len(found()) >= count, 30), [span.name for span in self._ended]
            return found()

    def one(self, name: str) -> ReadableSpan:
        [span] = self.wait(name)
        return span

    def names(self) -> set[str]:
        return {span.name for span in self._ended}


@pytest.fixture
def spans() -> Spans:
    return Spans()


@pytest.fixture
def provider(spans: Spans) -> TracerProvider:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return provider


def told(span: ReadableSpan, name: str) -> object:
    return (span.attributes or {}).get(name)


def is_below(span: ReadableSpan, parent: ReadableSpan) -> bool:
    return bool(span.parent and parent.context and span.parent.span_id == parent.context.span_id)


def test_a_run_over_two_requests(scripted_engine: ScriptedEngine, spans: Spans, provider: TracerProvider) -> None:
    api = scripted_engine(calls(get_weather={}) + uses(1, 2), says("Rain.") + uses(3, 4), tracer_provider=provider)
    api.client.headers["traceparent"] = PARENT
    run = api.waiting_run()
    api.submit(run)

    made = spans.one("POST /v1/threads/{thread_id}/runs")
    assert made.context
    assert made.parent
    assert f"{made.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{made.parent.span_id:016x}" == PARENT.split("-")[2]
    assert made.kind is SpanKind.SERVER
    assert told(made, "http.route") == "/v1/threads/{thread_id}/runs"
    assert told(made, "http.response.status_code") == 200
    assert told(made, "assistream.run.id") == run["id"]

    agent = spans.one("invoke_agent")
    assert is_below(agent, made)
    assert told(agent, "gen_ai.conversation.id") == run["thread_id"]
    assert told(agent, "gen_ai.usage.input_tokens") == 4
    assert told(agent, "assistream.run.status") == "completed"
    submitted = spans.one("POST /v1/threads/{thread_id}/runs/{run_id}/submit_tool_outputs")
    legs = spans.wait("leg", 2)
    assert all(is_below(leg, agent) for leg in legs)
    assert [leg.links[0].context for leg in legs] == [made.context, submitted.context]
    asked = spans.wait("chat any", 2)
    assert all(is_below(chat, leg) for chat, leg in zip(asked, legs, strict=True))
    assert [told(chat, "gen_ai.response.finish_reasons") for chat in asked] == [("tool_calls",), ("stop",)]
    assert [told(chat, "gen_ai.usage.output_tokens") for chat in asked] == [2, 4]
    assert {chat.kind for chat in asked} == {SpanKind.CLIENT}
    tool = spans.one("execute_tool get_weather")
    assert is_below(tool, agent)
    assert (tool.start_time or 0) < (legs[0].end_time or 0) < (tool.end_time or 0)
    assert "Rain." not in str([span.to_json() for span in spans._ended])


def test_what_the_model_traces_is_below_its_call(
    scripted_engine: ScriptedEngine, spans: Spans, provider: TracerProvider
) -> None:
    tracer = provider.get_tracer("model")

    async def model(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        with tracer.start_as_current_span("POST"):
            yield TextDelta("Hello")
        yield Finish("stop")

    scripted_engine(model=model, tracer_provider=provider).run_stream()
    assert is_below(spans.one("POST"), spans.one("chat any"))
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_what_fails(scripted_engine: ScriptedEngine, spans: Spans, provider: TracerProvider) -> None:
    api = scripted_engine(fails("rate_limit_exceeded", "Secret."), tracer_provider=provider)
    api.run_stream()
    for name in ("invoke_agent", "chat any"):
        span = spans.one(name)
        assert told(span, "error.type") == "rate_limit_exceeded"
        assert span.status.status_code is StatusCode.ERROR
        assert not span.status.description
    assert spans.one("leg").status.status_code is StatusCode.UNSET


def test_a_cancelled_run(scripted_engine: ScriptedEngine, spans: Spans, provider: TracerProvider) -> None:
    api = scripted_engine(pauses(3600), tracer_provider=provider)
    run = api.run()
    while api.get(path_of(run))["status"] == "queued":
        pass
    api.post(f"{path_of(run)}/cancel")
    assert told(spans.one("invoke_agent"), "assistream.run.status") == "cancelled"
    assert spans.one("chat any").status.status_code is StatusCode.UNSET
    assert spans.one("leg")


def test_a_run_that_another_engine_began(spans: Spans, provider: TracerProvider, tmp_path: Path) -> None:
    with Engine(tmp_path / "a.db", model=Scripted([calls(get_weather={})])) as engine, client(engine) as first:
        run = Api(first).waiting_run()
    with (
        Engine(tmp_path / "a.db", model=Scripted([says("Rain.")]), tracer_provider=provider) as engine,
        client(engine) as second,
    ):
        Api(second).submit(run)
    agent = spans.one("invoke_agent")
    assert agent.start_time == run["created_at"] * 10**9
    assert is_below(spans.one("execute_tool get_weather"), agent)


def test_a_bug_and_an_unknown_path(
    scripted_engine: ScriptedEngine, spans: Spans, provider: TracerProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("assistream.engine.store.Transaction.page", broken)
    api = scripted_engine(tracer_provider=provider)
    api.client.get("/assistants")
    api.client.get("/nothing")
    assert spans.one("GET /v1/assistants").status.status_code is StatusCode.ERROR
    assert told(spans.one("GET"), "http.response.status_code") == 404


def client(engine: Engine) -> httpx.Client:
    return httpx.Client(base_url=engine.base_url, headers=BETA)
