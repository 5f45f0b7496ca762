"""An engine's work as spans of OpenTelemetry; those about models by the semantic conventions for generative AI.

::

    POST /v1/threads/{thread_id}/runs    a request; below the client's own span if it says which (`traceparent`)
    └── invoke_agent                     a run, from its creation to its end, perhaps over several requests
        ├── leg                          a part of it without waiting for the program; linked with its request
        │   └── chat gpt-4o              a call of the model
        └── execute_tool get_weather     a call of a tool: from when the model had made it to its result

Nothing of what was said is in them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..._version import __version__
from ..lifecycle import Document, is_over
from .exchange import EXCHANGE, Exchange
from .metrics import failure
from .observer import Asked, Observer, Said, Written

if TYPE_CHECKING:
    from opentelemetry.trace import Span, SpanKind, TracerProvider

_PROVIDER = "assistream"
_KINDS = {"function": "function", "code_interpreter": "extension"}
"""What the conventions call a tool; those that search files are datastores."""


@dataclass(slots=True)
class _Open:
    """The spans of a run that is not over."""

    run: Span
    leg: Span | None = None
    steps: dict[str, int] = field(default_factory=dict[str, int])
    """When steps that call tools began, in nanoseconds."""
    calls: dict[str, int] = field(default_factory=dict[str, int])
    """When the program was asked for the output of a call."""


class Traces(Observer):
    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import propagate, trace
        from opentelemetry.context import attach, detach

        self._api: Any = trace
        self._extract, self._attach, self._detach = propagate.extract, attach, detach
        self._tracer = provider.get_tracer("assistream.engine", __version__)
        self._runs: dict[str, _Open] = {}
        self._asked: dict[Asked, Span] = {}

    # Requests --------------------------------------------------------------------------------------------------------

    def request_began(self, exchange: Exchange) -> None:
        context = self._extract(exchange.headers)
        what = {"http.request.method": exchange.method, "url.path": exchange.path, "url.scheme": "http"}
        span = self._tracer.start_span(exchange.method, context, kind=self._api.SpanKind.SERVER, attributes=what)
        token = self._attach(self._api.set_span_in_context(span, context))
        exchange.state["trace"] = span, token

    def request_over(self, exchange: Exchange) -> None:
        span, token = exchange.state["trace"]
        self._detach(token)
        if exchange.route:
            span.update_name(f"{exchange.method} {exchange.route}")
            span.set_attribute("http.route", exchange.route)
        span.set_attribute("http.response.status_code", exchange.status)
        span.set_attribute("assistream.request.id", exchange.id)
        if exchange.run_id:
            span.set_attribute("assistream.run.id", exchange.run_id)
        if exchange.status >= 500:
            self._fail(span, str(exchange.status))
        span.end()

    # Runs ------------------------------------------------------------------------------------------------------------

    def wrote(self, said: Sequence[Said], deltas: Sequence[Written]) -> None:
        new = any(name == "thread.run.created" for name, _ in said)
        for _, document in said:
            if document["object"] == "thread.run":
                self._open(document, new=new)
        for name, document in said:
            if document["object"] == "thread.run":
                self._run(name, document)
            elif document["object"] == "thread.run.step" and document["type"] == "tool_calls":
                self._step(document)

    def _run(self, name: str, run: Document) -> None:
        if name == "thread.run.requires_action":
            waiting = run["required_action"]["submit_tool_outputs"]["tool_calls"]
            self._runs[run["id"]].calls.update(dict.fromkeys((call["id"] for call in waiting), time.time_ns()))
        elif is_over(run):
            opened = self._runs.pop(run["id"])
            if opened.leg:
                opened.leg.end()
            self._end_run(opened.run, run)

    def _open(self, run: Document, *, new: bool = False) -> _Open:
        """A new run is below the request that makes it; one of an earlier engine goes on here, from its creation on."""
        if run["id"] not in self._runs:
            since = None if new else run["created_at"] * 1_000_000_000
            span = self._start("invoke_agent", "invoke_agent", run, self._api.SpanKind.INTERNAL, since=since)
            span.set_attributes({"gen_ai.agent.id": run["assistant_id"], "gen_ai.request.model": run["model"]})
            self._runs[run["id"]] = _Open(span)
        return self._runs[run["id"]]

    def _end_run(self, span: Span, run: Document) -> None:
        span.set_attribute("assistream.run.status", run["status"])
        if usage := run["usage"]:
            span.set_attribute("gen_ai.usage.input_tokens", usage["prompt_tokens"])
            span.set_attribute("gen_ai.usage.output_tokens", usage["completion_tokens"])
        if run["status"] in ("failed", "expired", "incomplete"):
            self._fail(span, run["last_error"]["code"] if run["last_error"] else run["status"])
        span.end()

    # Legs ------------------------------------------------------------------------------------------------------------

    def leg_began(self, run: Document) -> None:
        opened = self._open(run)
        exchange = EXCHANGE.get()
        span, _ = exchange.state.get("trace", (None, None)) if exchange else (None, None)
        links = [self._api.Link(span.get_span_context())] if span else []
        opened.leg = self._start("leg", "", run, self._api.SpanKind.INTERNAL, parent=opened.run, links=links)

    def leg_over(self, run: Document) -> None:
        opened = self._runs.get(run["id"])
        span = opened.leg if opened else None
        if opened and span:
            opened.leg = None
            span.end()

    # Models ----------------------------------------------------------------------------------------------------------

    def asking(self, asked: Asked) -> None:
        opened, request = self._open(asked.run), asked.request
        parent = opened.leg or opened.run
        span = self._start(f"chat {request.model}", "chat", asked.run, self._api.SpanKind.CLIENT, parent=parent)
        asks = {
            "gen_ai.request.model": request.model,
            "gen_ai.request.temperature": request.temperature,
            "gen_ai.request.top_p": request.top_p,
            "gen_ai.request.max_tokens": request.max_completion_tokens,
        }
        span.set_attributes({name: value for name, value in asks.items() if value is not None})
        self._asked[asked] = span
        # What the model itself traces, a request over httpx perhaps, is below its call.
        asked.context = copy_context()
        asked.context.run(self._attach, self._api.set_span_in_context(span))

    def answered(self, asked: Asked) -> None:
        span = self._asked.pop(asked)
        if asked.finish:
            span.set_attribute("gen_ai.response.finish_reasons", [asked.finish.reason])
        if asked.usage:
            span.set_attribute("gen_ai.usage.input_tokens", asked.usage.prompt_tokens)
            span.set_attribute("gen_ai.usage.output_tokens", asked.usage.completion_tokens)
        if code := failure(asked):
            self._fail(span, code)
        span.end()

    # Tools -----------------------------------------------------------------------------------------------------------

    def _step(self, step: Document) -> None:
        opened = self._runs.get(step["run_id"])
        if opened is None:
            return
        if not is_over(step):
            opened.steps.setdefault(step["id"], time.time_ns())
            return
        began = opened.steps.pop(step["id"], step["created_at"] * 1_000_000_000)
        for call in step["step_details"]["tool_calls"]:
            self._tool(opened, step, call, opened.calls.pop(call["id"], began))

    def _tool(self, opened: _Open, step: Document, call: Document, since: int) -> None:
        kind = call["type"]
        name = call["function"]["name"] if kind == "function" else kind
        internal = self._api.SpanKind.INTERNAL
        span = self._start(f"execute_tool {name}", "execute_tool", step, internal, parent=opened.run, since=since)
        what = {"gen_ai.tool.name": name, "gen_ai.tool.call.id": call["id"]}
        span.set_attributes({**what, "gen_ai.tool.type": _KINDS.get(kind, "datastore")})
        if step["status"] != "completed":
            self._fail(span, step["status"])
        span.end()

    # Spans -----------------------------------------------------------------------------------------------------------

    def _start(
        self,
        name: str,
        operation: str,
        of: Document,
        kind: SpanKind,
        *,
        parent: Span | None = None,
        since: int | None = None,
        links: Sequence[Any] = (),
    ) -> Span:
        context = self._api.set_span_in_context(parent) if parent else None
        what = {"gen_ai.conversation.id": of["thread_id"], "assistream.run.id": of.get("run_id", of["id"])}
        if operation:
            what |= {"gen_ai.operation.name": operation, "gen_ai.provider.name": _PROVIDER}
        span: Span = self._tracer.start_span(name, context, kind=kind, attributes=what, start_time=since, links=links)
        return span

    def _fail(self, span: Span, code: str) -> None:
        span.set_attribute("error.type", code)
        span.set_status(self._api.Status(self._api.StatusCode.ERROR))
