"""What a handler was told, written as in the streaming contract: ``text_delta('lo' | 'Hello') message_delta(msg_1)``.

`attach(handler)` gives a handler one recording hook for each hook there is, on the instance, and returns the trace.
Each event is one line of it: what its hooks were, with what they saw at that moment; a line may be empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from pydantic import BaseModel

from assistream.handlers import AssistantEventHandler
from assistream.streaming.dispatch import Hooks, fire
from assistream.streaming.events import is_done, parse_event
from assistream.streaming.snapshots import StreamState
from assistream.streaming.sse import SSEDecoder
from assistream.types import AssistantStreamEvent, Message, RunStep, ToolCallsStepDetails


class Trace:
    """One line for each `on_event`, holding the hooks that came after it."""

    def __init__(self) -> None:
        self.events: list[BaseModel] = []
        self.lines: list[list[str]] = []
        self.extra: list[str] = []

    def record(self, hook: str, *args: Any) -> None:
        if hook == "on_event":
            self.events.append(args[0])
            self.lines.append([])
        elif hook in ("on_end", "on_exception", "on_timeout"):
            self.extra.append(hook)
        else:
            self.lines[-1].append(hook.removeprefix("on_") + (HOOKS[hook](args[0], args[-1]) if args else ""))

    @property
    def text(self) -> list[str]:
        return [" ".join(line) for line in self.lines]


def shown(block: Any) -> str:
    """A content block, or an entry of a delta, as its one interesting value."""
    match block.type:
        case "text":
            return repr(block.text.value) if block.text else "-"
        case "image_file":
            return str(block.image_file.file_id)
        case "image_url":
            return str(block.image_url.url)
        case "refusal":
            return f"no {block.refusal!r}"
        case _:
            return f"?{block.type}"


def call(tool_call: Any) -> str:
    """A tool call: id, name, arguments or input, and after an arrow what came out of it."""
    match tool_call.type:
        case "function":
            body = tool_call.function
            out = "" if body.output is None else f" -> {body.output!r}"
            return f"{tool_call.id} {body.name} {body.arguments!r}{out}"
        case "code_interpreter":
            body = tool_call.code_interpreter
            out = "".join(f" -> {o.logs!r}" if o.type == "logs" else f" -> {o.image.file_id}" for o in body.outputs)
            return f"{tool_call.id} {body.input!r}{out}"
        case "file_search":
            found: list[Any] = tool_call.file_search.results or []
            return str(tool_call.id) + "".join(f" -> {result.file_id}" for result in found)
        case _:
            return f"{tool_call.id} ?{tool_call.type}"


def piece(delta: Any) -> str:
    """What a tool call delta carries."""
    body = getattr(delta, delta.type)
    given = [getattr(body, field, None) for field in ("arguments", "input", "output")]
    outputs: list[Any] = getattr(body, "outputs", None) or []
    made = [repr(output.logs) for output in outputs if output.type == "logs"]
    return " ".join([*(repr(value) for value in given if value is not None), *made])


def told(message: Message) -> str:
    return " ".join([message.id, message.status, *map(shown, message.content)])


def done(step: RunStep) -> str:
    details = step.step_details
    calls = details.tool_calls if isinstance(details, ToolCallsStepDetails) else []
    return "; ".join([f"{step.id} {step.status}", *map(call, calls)])


# For each hook, what to write of its first and of its last argument.
HOOKS: dict[str, Callable[[Any, Any], str]] = {
    "on_event": lambda event, _: str(event),
    "on_exception": lambda exception, _: str(exception),
    "on_timeout": lambda _, __: "",
    "on_end": lambda _, __: "",
    "on_thread_created": lambda thread, _: f"({thread.id})",
    "on_run_created": lambda _, __: "",
    "on_run_changed": lambda run, _: f"({run.status})",
    "on_run_requires_action": lambda _, __: "",
    "on_run_failed": lambda _, __: "",
    "on_unknown_event": lambda event, _: f"({event.event})",
    "on_stream_cancelled": lambda _, __: "",
    "on_run_step_created": lambda step, _: f"({step.id})",
    "on_run_step_delta": lambda _, step: f"({step.id})",
    "on_run_step_done": lambda step, _: f"({step.id} {step.status})",
    "on_tool_call_created": lambda tool_call, _: f"({call(tool_call)})",
    "on_tool_call_delta": lambda delta, tool_call: f"({piece(delta)} | {call(tool_call)})",
    "on_tool_call_done": lambda tool_call, _: f"({call(tool_call)})",
    "on_message_created": lambda message, _: f"({message.id})",
    "on_message_delta": lambda _, message: f"({message.id})",
    "on_message_done": lambda message, _: f"({told(message)})",
    "on_text_created": lambda text, _: f"({text.value!r})",
    "on_text_delta": lambda delta, text: f"({delta.value!r} | {text.value!r})",
    "on_text_done": lambda text, _: f"({text.value!r})",
    "on_image_file_done": lambda image, _: f"({image.file_id})",
    "on_image_url_done": lambda image, _: f"({image.url})",
    "on_refusal_delta": lambda delta, refusal: f"({delta!r} | {refusal!r})",
    "on_refusal_done": lambda refusal, _: f"({refusal!r})",
}


def attach(handler: object) -> Trace:
    """Record every hook of `handler`, by hooks on the instance."""
    trace = Trace()
    for hook in HOOKS:
        setattr(handler, hook, partial(trace.record, hook))
    return trace


def async_attach(handler: object) -> Trace:
    """As `attach`, with hooks that are awaited."""
    trace = Trace()

    def recording(name: str) -> Callable[..., Any]:
        async def hook(*args: Any) -> None:
            trace.record(name, *args)

        return hook

    for hook in HOOKS:
        setattr(handler, hook, recording(hook))
    return trace


def parsed(frames: Iterable[bytes]) -> list[AssistantStreamEvent]:
    """These frames as the events they stand for."""
    events = [parse_event(frame) for frame in SSEDecoder().feed(b"".join(frames)) if not is_done(frame)]
    return [event for event in events if event is not None]


class State(StreamState):
    """A stream's state that can say how everything in it ended."""

    @property
    def ends(self) -> list[str]:
        messages = [told(tracked.model) for tracked in self.messages.values()]
        return [*messages, *(done(tracked.model) for tracked in self.steps.values())]


def play(frames: Iterable[bytes], handler: AssistantEventHandler | None = None) -> tuple[Trace, State]:
    """Fire every hook of these frames, without any stream around; `handler` has its own hooks called before."""
    recorder = AssistantEventHandler()
    trace, state = attach(recorder), State()
    hooks = Hooks([handler, recorder] if handler else [recorder])
    for event in parsed(frames):
        for _ in fire(hooks, event, state):
            pass
    return trace, state
