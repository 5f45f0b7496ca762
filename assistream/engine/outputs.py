"""What a program hands in for the calls a run waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .errors import Refused
from .ids import now
from .lifecycle import Document, advance


def check(run: Document, submitted: Sequence[tuple[str | None, str]]) -> Mapping[str, str]:
    """The outputs by call id: one for each call of the run, all at once, none twice; else the exact refusal."""
    if run["status"] != "requires_action":
        raise Refused("no_outputs_now", status=run["status"])
    got: list[str] = []
    for index, (call_id, _) in enumerate(submitted):
        if call_id is None:
            raise Refused("no_call_id", index=index)
        got.append(call_id)
    expected = [call["id"] for call in run["required_action"]["submit_tool_outputs"]["tool_calls"]]
    if len(set(got)) < len(got):
        raise Refused("duplicate_outputs", got=got)
    if set(got) != set(expected):
        raise Refused("wrong_outputs", expected=expected, got=got)
    return dict(zip(got, (output for _, output in submitted), strict=True))


def answered(step: Document, outputs: Mapping[str, str]) -> Document:
    """The tool step, completed with its outputs."""
    calls = [
        call | {"function": call["function"] | {"output": outputs[call["id"]]}} if call["type"] == "function" else call
        for call in step["step_details"]["tool_calls"]
    ]
    return advance(step, "completed", now(), step_details={"type": "tool_calls", "tool_calls": calls})
