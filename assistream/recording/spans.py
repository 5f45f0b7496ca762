"""A run as spans of OpenTelemetry, by its semantic conventions for generative AI; no colour.

::

    invoke_agent                  the run, from what is said of it first to the end of the stream
    ├── chat gpt-4o               a step: the model calls tools, or writes a message
    │   ├── execute_tool look     a call, from when it is run (here or at the server) to its result
    │   └── execute_tool look
    └── chat gpt-4o
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from ..errors import ConfigurationError
from ..types import (
    FunctionToolCall,
    Message,
    PendingCall,
    RequiredAction,
    RequiredActionFunctionToolCall,
    Run,
    RunStep,
    ToolCall,
)
from .conventions import call_part, finish, texts, usage
from .view import View
from .words import calls_of, reason, results, title, why_incomplete, written

if TYPE_CHECKING:
    from opentelemetry.trace import Span, SpanKind, Tracer

__all__ = ["Spans"]

_KINDS: Final = {"function": "function", "code_interpreter": "extension"}
"""What the conventions call a tool: ours are functions, those at the server extensions or, for files, datastores."""
_FAILED: Final = {"failed", "expired", "incomplete"}


class Spans(View):
    """Opens a span when something begins, and ends it when that ends or when the stream does, whichever is first."""

    def __init__(self, tracer: Tracer | None, *, capture_content: bool, provider: str) -> None:
        try:
            from opentelemetry import trace
        except ImportError as exc:
            raise ConfigurationError('OpenTelemetry needs its API: pip install "assistream[otel]"') from exc
        self._api: Any = trace
        self._tracer = tracer or trace.get_tracer("assistream")
        self._capture, self._provider = capture_content, provider
        self._agent: Span | None = None
        self._steps: dict[str, Span] = {}
        self._calls: dict[str, Span] = {}
        self._asked: dict[str, int] = {}  # when outputs of these calls were awaited first
        self._said: list[dict[str, Any]] = []
        self._run: Run | None = None

    # The run ---------------------------------------------------------------------------------------------------------

    def run_changed(self, run: Run) -> None:
        self._run = run
        span = self._root()
        self._set(
            span,
            {
                "gen_ai.agent.id": run.assistant_id,
                "gen_ai.conversation.id": run.thread_id,
                "gen_ai.request.model": run.model,
                "gen_ai.response.id": run.id,
                "gen_ai.request.temperature": run.temperature,
                "gen_ai.request.top_p": run.top_p,
                "gen_ai.request.max_tokens": run.max_completion_tokens,
                **usage(run.usage),
            },
        )
        action = run.required_action
        if run.status == "requires_action" and isinstance(action, RequiredAction):
            for call in action.submit_tool_outputs.tool_calls:
                self._asked.setdefault(call.id, time.time_ns())
                if self._capture and isinstance(call, RequiredActionFunctionToolCall):
                    self._said.append(call_part(call.id, call.function.name, call.function.arguments))
        if run.status in _FAILED:
            incomplete = run.status == "incomplete"
            code = run.last_error.code if run.last_error else run.status
            self._fail(span, code, why_incomplete(run) if incomplete else reason(run.last_error))

    def _root(self) -> Span:
        if self._agent is None:
            self._agent = self._start("invoke_agent", "invoke_agent", self._api.SpanKind.CLIENT, parent=None)
        return self._agent

    # Steps -----------------------------------------------------------------------------------------------------------

    def run_step_created(self, step: RunStep) -> None:
        model = self._run.model if self._run else ""
        span = self._start(f"chat {model}".strip(), "chat", self._api.SpanKind.CLIENT, parent=self._root())
        self._set(span, {"gen_ai.request.model": model, "gen_ai.conversation.id": step.thread_id})
        span.set_attribute("assistream.run_step.id", step.id)
        self._steps[step.id] = span

    def run_step_done(self, step: RunStep) -> None:
        span = self._steps.pop(step.id, None)
        if span is None:  # it began in a stream whose spans are ended
            return
        for call in calls_of(step):
            self._finish_call(call, span)
        why = "tool_calls" if step.type == "tool_calls" else "stop"
        self._set(span, {"gen_ai.response.finish_reasons": [why], **usage(step.usage)})
        if step.status in _FAILED:
            self._fail(span, step.last_error.code if step.last_error else step.status, reason(step.last_error))
        span.end()

    # Calls -----------------------------------------------------------------------------------------------------------

    def tool_call_created(self, call: ToolCall) -> None:
        """A tool at the server is run from now on; a function later, by the program."""
        if not isinstance(call, FunctionToolCall):
            self._open_call(call.id, title(call), str(call.type))

    def tool_call_done(self, call: ToolCall) -> None:
        if not isinstance(call, FunctionToolCall) and call.id in self._calls and results(call):
            self._finish_call(call, None)

    def tool_started(self, call: PendingCall) -> None:
        self._open_call(call.id, call.name, "function")

    def tool_output(self, call: PendingCall, output: str) -> None:
        span = self._calls.pop(call.id, None) or self._opened(call.id, call.name, "function")
        self._content(span, call.arguments, output)
        self._asked.pop(call.id, None)
        span.end()

    def tool_error(self, call: PendingCall, error: Exception) -> None:
        span = self._calls.pop(call.id, None) or self._opened(call.id, call.name, "function")
        self._content(span, call.arguments, "")
        self._record(span, error)
        self._asked.pop(call.id, None)
        span.end()

    def _finish_call(self, call: ToolCall, step: Span | None) -> None:
        """The call has its result. One that the program answered by hand lasted since it was asked to."""
        span = self._calls.pop(call.id, None)
        if span is None:
            since = self._asked.pop(call.id, None)
            if since is None:
                return
            span = self._opened(call.id, title(call), str(call.type), since=since, step=step)
        self._content(span, written(call), "\n".join(results(call)))
        span.end()

    def _open_call(self, call_id: str, name: str, kind: str) -> None:
        if call_id not in self._calls:
            self._calls[call_id] = self._opened(call_id, name, kind)

    def _opened(
        self, call_id: str, name: str, kind: str, *, since: int | None = None, step: Span | None = None
    ) -> Span:
        parent = step or (next(reversed(self._steps.values())) if self._steps else self._root())
        internal = self._api.SpanKind.INTERNAL
        span = self._start(f"execute_tool {name}", "execute_tool", internal, parent=parent, since=since)
        what = {"gen_ai.tool.name": name, "gen_ai.tool.call.id": call_id}
        self._set(span, {**what, "gen_ai.tool.type": _KINDS.get(kind, "datastore")})
        return span

    def _content(self, span: Span, arguments: str, result: str) -> None:
        if self._capture:
            self._set(span, {"gen_ai.tool.call.arguments": arguments, "gen_ai.tool.call.result": result})

    # Messages --------------------------------------------------------------------------------------------------------

    def message_done(self, message: Message) -> None:
        if self._capture:
            parts = [{"type": "text", "content": text} for text in texts(message)]
            self._said.append({"role": message.role, "parts": parts, "finish_reason": finish(message)})

    # The end ---------------------------------------------------------------------------------------------------------

    def exception(self, exception: Exception) -> None:
        self._record(self._root(), exception)

    def stream_cancelled(self) -> None:
        self._fail(self._root(), "cancelled", "The stream was cancelled.")

    def end(self) -> None:
        """Whatever is still open ends, the innermost first."""
        if self._agent is None:
            return
        if self._said:
            self._agent.set_attribute("gen_ai.output.messages", json.dumps(self._said, ensure_ascii=False))
        if self._capture and self._run and self._run.instructions:
            told = [{"type": "text", "content": self._run.instructions}]
            self._agent.set_attribute("gen_ai.system_instructions", json.dumps(told, ensure_ascii=False))
        for span in (*self._calls.values(), *self._steps.values(), self._agent):
            span.end()
        self._agent = None
        self._calls, self._steps, self._asked, self._said = {}, {}, {}, []

    # Spans -----------------------------------------------------------------------------------------------------------

    def _start(
        self, name: str, operation: str, kind: SpanKind, *, parent: Span | None, since: int | None = None
    ) -> Span:
        context = None if parent is None else self._api.set_span_in_context(parent)
        span: Span = self._tracer.start_span(name, context=context, kind=kind, start_time=since)
        self._set(span, {"gen_ai.operation.name": operation, "gen_ai.provider.name": self._provider})
        return span

    def _set(self, span: Span, attributes: dict[str, Any]) -> None:
        span.set_attributes({name: value for name, value in attributes.items() if value not in (None, "")})

    def _record(self, span: Span, error: Exception) -> None:
        """What errors say may be content, too: the arguments, or what a tool has found."""
        if self._capture:
            span.record_exception(error)
        self._fail(span, type(error).__qualname__, str(error) if self._capture else None)

    def _fail(self, span: Span, code: str, description: str | None) -> None:
        span.set_attribute("error.type", code)
        span.set_status(self._api.Status(self._api.StatusCode.ERROR, description))
