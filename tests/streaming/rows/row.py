"""What a row is, what rows are written with, and the openings that most of them share."""

from __future__ import annotations

from dataclasses import dataclass

from ...frames import (
    DM,
    DS,
    MC,
    MD,
    RC,
    RD,
    SC,
    Object,
    event,
    function,
    step,
)

CHANGED = "run_changed(completed)"
WAITS = "run_changed(requires_action) run_requires_action"
FAILED = "run_changed(failed) run_failed"


@dataclass(frozen=True)
class Row:
    name: str
    steps: tuple[tuple[bytes, str], ...]
    ends: tuple[str, ...] | None = None

    @property
    def frames(self) -> list[bytes]:
        return [frame for frame, _ in self.steps]

    @property
    def hooks(self) -> list[str]:
        return [hooks for _, hooks in self.steps]


def row(name: str, *steps: tuple[bytes, str], ends: list[str] | None = None) -> Row:
    return Row(name, steps, None if ends is None else tuple(ends))


def url(address: str, index: int | None = None) -> Object:
    return ({} if index is None else {"index": index}) | {"type": "image_url", "image_url": {"url": address}}


def refused(value: str) -> Object:
    return {"type": "refusal", "refusal": value}


def logs(value: str, index: int | None = None) -> Object:
    return ({} if index is None else {"index": index}) | {"type": "logs", "logs": value}


def piece(index: int, **fields: object) -> Object:
    """A later fragment of a function call that carries only this."""
    return {"index": index, "type": "function", "function": fields}


def mark(index: int | None, start: int, **fields: object) -> Object:
    """An annotation."""
    where = {"start_index": start, "end_index": start + 3, "file_citation": {"file_id": "file_1"}}
    return ({} if index is None else {"index": index}) | {"type": "file_citation", "text": "[1]"} | where | fields


def ends_step(status: str, calls: list[Object] | None = None, id: str = "step_1") -> bytes:
    return event(f"thread.run.step.{status}", step(id, status, calls=calls))


def writes(id: str) -> bytes:
    """The step delta of a step that writes a message."""
    details = {"type": "message_creation", "message_creation": {"message_id": "msg_1"}}
    delta = {"id": id, "object": "thread.run.step.delta", "delta": {"step_details": details}}
    return event("thread.run.step.delta", delta)


def waits_for(*calls: Object) -> Object:
    """What a run in requires_action asks for."""
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": list(calls)}}


def first(id: str, index: int = 0, arguments: str = "") -> Object:
    """The first fragment of a function call."""
    return function(arguments, index, id=id, name="look")


# The openings that most rows share. A tool step and a message, nothing in them yet.
STEP = (SC("step_1", calls=[]), "run_step_created(step_1)")
STEP_2 = (SC("step_2", calls=[]), "run_step_created(step_2)")
MSG = (MC("msg_1"), "message_created(msg_1)")
MSG_2 = (MC("msg_2"), "message_created(msg_2)")
HEL = (DM("msg_1", "Hel"), "text_created('Hel') text_delta('Hel' | 'Hel') message_delta(msg_1)")
LO = (DM("msg_1", "lo"), "text_delta('lo' | 'Hello') message_delta(msg_1)")
HELLO = (MD("msg_1", "Hello"), "text_done('Hello') message_done(msg_1 completed 'Hello')")
A = (DM("msg_1", "A"), "text_created('A') text_delta('A' | 'A') message_delta(msg_1)")
CALL_A = (DS("step_1", first("a")), "tool_call_created(a look '') run_step_delta(step_1)")
CALL_AB = (DS("step_1", first("b", 1)), "tool_call_done(a look '') tool_call_created(b look '') run_step_delta(step_1)")
CREATED = (RC(), "run_changed(queued) run_created")
COMPLETED = (RD(), CHANGED)
