"""Which hooks an event deserves, and in which order. No I/O and no colour.

`fire` is a generator that applies one event to the state and calls one hook per step. It yields what the hook returned:
None, or an awaitable that the driver awaits before it asks for the next step. The next hook is not called before that.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias, cast, get_args

from ..handlers.hooks import Hook, Hooks
from ..types import (
    AssistantStreamEvent,
    CodeInterpreterToolCall,
    CodeInterpreterToolCallDelta,
    FunctionToolCall,
    FunctionToolCallDelta,
    ImageFileContentBlock,
    ImageURLContentBlock,
    Message,
    RefusalContentBlock,
    RefusalDeltaBlock,
    Run,
    RunStep,
    TextContentBlock,
    TextDeltaBlock,
    ThreadCreated,
    ThreadMessageDelta,
    ThreadRunCreated,
    ThreadRunStepDelta,
    ToolCallDeltaObject,
    ToolEvent,
    UnknownEvent,
)
from .events import TERMINAL, fresh, run_status
from .parts import Part
from .snapshots import StreamState, TrackedMessage, TrackedStep

__all__ = ["Hooks", "Steps", "ask", "fire", "tell"]

Steps: TypeAlias = Generator[object, Any, None]
Answers: TypeAlias = Generator[object, Any, object | None]

TOOL_EVENTS: Final = get_args(ToolEvent)


def tell(hooks: Sequence[Hook], *args: object) -> Steps:
    """Call each of these hooks."""
    for hook in hooks:
        yield hook(*args)


def ask(hooks: Sequence[Hook], *args: object, all_told: bool = False) -> Answers:
    """Call these hooks until one answers, or all of them; the first answer that is not None counts."""
    found: object | None = None
    for hook in hooks:
        answer = yield hook(*args)
        found = answer if found is None else found
        if found is not None and not all_told:
            break
    return found


def fire(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    """Apply an event to the state and call its hooks, one per step, in the order of the contract.

    Those of tools were called by whoever ran them.
    """
    state.begin(event)
    match event.data:
        case Run():
            return _run(hooks, event, state)
        case Message():
            return _message(hooks, event, state)
        case RunStep():
            return _step(hooks, event, state)
        case _:
            pass
    if isinstance(event, ThreadMessageDelta):
        return _message_delta(hooks, event, state)
    if isinstance(event, ThreadRunStepDelta):
        return _step_delta(hooks, event, state)
    return _other(hooks, event, state)


def _other(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    if isinstance(event, TOOL_EVENTS):
        return
    if isinstance(event, ThreadCreated):
        state.thread = event.data
    yield from tell(hooks.on_event, event)
    if isinstance(event, ThreadCreated):
        yield from tell(hooks.on_thread_created, event.data)
    elif isinstance(event, UnknownEvent):
        yield from tell(hooks.on_unknown_event, event)


# Runs -----------------------------------------------------------------------------------------------------------------


def _run(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    known = state.run
    state.run = run = state.named(fresh(cast(Run, event.data)))
    status = run_status(event)
    waiting = state.awaited_calls(run) if status == "requires_action" else []
    yield from tell(hooks.on_event, event)
    if status == "requires_action":
        yield from _close_calls(hooks, waiting)
    elif status in TERMINAL:
        yield from _close_all(hooks, state)
    if state.run is not run:
        return  # a hook has answered the calls, and the run has gone on since
    yield from tell(hooks.on_run_changed, run)
    if isinstance(event, ThreadRunCreated) and (known is None or known.id != run.id):
        yield from tell(hooks.on_run_created, run)
    if status == "requires_action":
        yield from tell(hooks.on_run_requires_action, run)
    elif status == "failed":
        yield from tell(hooks.on_run_failed, run)


def _close_all(hooks: Hooks, state: StreamState) -> Steps:
    """The run is over: whatever its own end was not seen of ends now, as far as it got."""
    for message in state.messages.values():
        if not message.told_done:
            message.told_done = True
            yield from _close_blocks(hooks, message.blocks)
            yield from tell(hooks.on_message_done, message.model)
    for step in state.steps.values():
        if not step.finished:
            yield from _close_calls(hooks, step.calls)


# Messages -------------------------------------------------------------------------------------------------------------


def _message(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    match event.event:
        case "thread.message.created":
            return _message_created(hooks, event, state)
        case "thread.message.completed" | "thread.message.incomplete":
            return _message_ended(hooks, event, state)
        case _:
            return _message_goes_on(hooks, event, state)


def _message_created(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    data: Any = event.data
    message = state.add_message(fresh(data))
    yield from tell(hooks.on_event, event)
    if message is not None:
        yield from tell(hooks.on_message_created, data)
        yield from _open_blocks(hooks, message.blocks)


def _message_goes_on(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    data: Any = event.data
    message = state.message(data.id)
    if not message.finished:
        message.model.status = data.status
    return tell(hooks.on_event, event)


def _message_ended(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    data: Any = event.data
    message = state.message(data.id)
    if message.finished:
        return (yield from tell(hooks.on_event, event))
    parts = message.finish(fresh(data))
    yield from tell(hooks.on_event, event)
    if not message.told_done:
        message.told_done = True
        yield from _close_blocks(hooks, parts)
        yield from tell(hooks.on_message_done, message.model)


def _message_delta(hooks: Hooks, event: ThreadMessageDelta, state: StreamState) -> Steps:
    message = state.message(event.data.id)
    if message.finished or message.told_done:
        return (yield from tell(hooks.on_event, event))
    for place, group in enumerate(_groups(event.data.delta.content)):
        changes = [message.blocks.add(delta) for delta in group]
        if place == 0:
            for hook in hooks.on_event:  # not through `tell`: deltas are nearly all there is, and a generator costs
                yield hook(event)
        for part, delta in changes:
            yield from _block(hooks, message, part, delta)
    for hook in hooks.on_message_delta:
        yield hook(event.data.delta, message.model)


def _groups(deltas: Sequence[Any] | None) -> Sequence[Sequence[Any]]:
    """The deltas of one event in groups that hold each index once, so that each is reported before the next applies."""
    return (deltas or (),) if deltas is None or len(deltas) < 2 else list(_split(deltas))


def _split(rest: Sequence[Any]) -> Iterator[Sequence[Any]]:
    while rest:
        seen: set[int] = set()
        size = 0
        while size < len(rest) and rest[size].index not in seen:
            seen.add(rest[size].index)
            size += 1
        yield rest[:size]
        rest = rest[size:]


def _block(hooks: Hooks, message: TrackedMessage, part: Part, delta: Any) -> Steps:
    block = part.model
    if isinstance(block, TextContentBlock) and isinstance(delta, TextDeltaBlock):
        if not part.created:
            yield from tell(hooks.on_text_created, block.text)
        part.created = True
        if delta.text is not None:
            for hook in hooks.on_text_delta:
                yield hook(delta.text, block.text)
    elif isinstance(block, RefusalContentBlock) and isinstance(delta, RefusalDeltaBlock):
        yield from tell(hooks.on_refusal_delta, delta.refusal or "", block.refusal)
    part.created = True
    before, message.active = message.active, part
    if before is not None and before is not part:
        yield from _block_done(hooks, before)


def _open_blocks(hooks: Hooks, parts: Iterable[Part]) -> Steps:
    """Blocks that came with their message: an empty one is a place for deltas, any other is complete."""
    for part in [part for part in parts if not part.created]:
        yield from _block_created(hooks, part)
        if not isinstance(part.model, TextContentBlock) or part.model.text.value:
            yield from _block_done(hooks, part)


def _close_blocks(hooks: Hooks, parts: Iterable[Part]) -> Steps:
    for part in parts:
        yield from _block_created(hooks, part)
        yield from _block_done(hooks, part)


def _block_created(hooks: Hooks, part: Part) -> Steps:
    if not part.created:
        part.created = True
        if isinstance(part.model, TextContentBlock):
            yield from tell(hooks.on_text_created, part.model.text)


def _block_done(hooks: Hooks, part: Part) -> Steps:
    if part.done:
        return
    part.done = True
    match part.model:
        case TextContentBlock(text=text):
            yield from tell(hooks.on_text_done, text)
        case ImageFileContentBlock(image_file=image_file):
            yield from tell(hooks.on_image_file_done, image_file)
        case ImageURLContentBlock(image_url=image_url):
            yield from tell(hooks.on_image_url_done, image_url)
        case RefusalContentBlock(refusal=refusal):
            yield from tell(hooks.on_refusal_done, refusal)
        case _:
            pass


# Steps and tool calls -------------------------------------------------------------------------------------------------


def _step(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    match event.event:
        case "thread.run.step.created":
            return _step_created(hooks, event, state)
        case "thread.run.step.in_progress":
            return _step_goes_on(hooks, event, state)
        case _:
            return _step_ended(hooks, event, state)


def _step_created(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    data: Any = event.data
    step = state.add_step(fresh(data))
    yield from tell(hooks.on_event, event)
    if step is not None:
        yield from tell(hooks.on_run_step_created, data)
        yield from _open_calls(hooks, step)


def _step_goes_on(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    data: Any = event.data
    step = state.step(data.id)
    if not step.finished:
        step.model.status = data.status
    return tell(hooks.on_event, event)


def _step_ended(hooks: Hooks, event: AssistantStreamEvent, state: StreamState) -> Steps:
    data: Any = event.data
    step = state.step(data.id)
    if step.finished:
        return (yield from tell(hooks.on_event, event))
    parts = step.finish(fresh(data))
    yield from tell(hooks.on_event, event)
    # Where the step began in another leg, its calls were told there.
    yield from _close_calls(hooks, [part for part in parts if step.announced or part.created])
    yield from tell(hooks.on_run_step_done, step.model)


def _step_delta(hooks: Hooks, event: ThreadRunStepDelta, state: StreamState) -> Steps:
    step = state.step(event.data.id)
    if step.finished:
        return (yield from tell(hooks.on_event, event))
    details = event.data.delta.step_details
    deltas = details.tool_calls if isinstance(details, ToolCallDeltaObject) else None
    calls = step.open_calls() if deltas else step.calls
    for place, group in enumerate(_groups(deltas)):
        changes = [calls.add(delta) for delta in group]
        if place == 0:
            for hook in hooks.on_event:
                yield hook(event)
        for part, delta in changes:
            yield from _call(hooks, step, part, delta)
    for hook in hooks.on_run_step_delta:
        yield hook(event.data.delta, step.model)


def _call(hooks: Hooks, step: TrackedStep, part: Part, delta: Any) -> Steps:
    before, step.active = step.active, part
    if before is not None and before is not part:
        yield from _call_done(hooks, before)
    is_first = not part.created
    yield from _call_created(hooks, part)
    if not is_first or _carries(delta):
        yield from tell(hooks.on_tool_call_delta, delta, part.model)


def _carries(delta: Any) -> bool:
    """Whether the first fragment of a call says more than that there is one."""
    match delta:
        case FunctionToolCallDelta(function=function):
            return function is not None and bool(function.arguments)
        case CodeInterpreterToolCallDelta(code_interpreter=code):
            return code is not None and bool(code.input or code.outputs)
        case _:
            return False


def _open_calls(hooks: Hooks, step: TrackedStep) -> Steps:
    """Calls that came with their step: an empty one is a place for deltas, any other is complete."""
    for part in [part for part in step.calls if not part.created]:
        yield from _call_created(hooks, part)
        if not _is_placeholder(part.model):
            yield from _call_done(hooks, part)


def _is_placeholder(call: Any) -> bool:
    match call:
        case FunctionToolCall(function=function):
            return not function.arguments
        case CodeInterpreterToolCall(code_interpreter=code):
            return not (code.input or code.outputs)
        case _:
            return False


def _close_calls(hooks: Hooks, parts: Iterable[Part]) -> Steps:
    for part in parts:
        yield from _call_created(hooks, part)
        yield from _call_done(hooks, part)


def _call_created(hooks: Hooks, part: Part) -> Steps:
    if not part.created:
        part.created = True
        yield from tell(hooks.on_tool_call_created, part.model)


def _call_done(hooks: Hooks, part: Part) -> Steps:
    if not part.done:
        part.done = True
        yield from tell(hooks.on_tool_call_done, part.model)
