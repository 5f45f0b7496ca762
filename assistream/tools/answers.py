"""Answers by hand, as programs give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from ..errors import StreamUsageError
from ..types import ToolAnswer, ToolOutput
from .results import render

__all__ = ["answers_by_id", "not_waiting"]


def answers_by_id(answers: Iterable[ToolOutput | ToolAnswer], waiting: Sequence[str]) -> dict[str, str]:
    """The texts to send, by the ids of calls; all of them, or an error.

    Raises:
        StreamUsageError: They are not what they should be, or not for calls that wait; the message says which.
        ToolError: An output cannot be written as JSON.
    """
    if isinstance(answers, Mapping):
        raise StreamUsageError("submit_outputs takes a list: [{'tool_call_id': ..., 'output': ...}].")
    texts: dict[str, str] = {}
    for answer in answers:
        call_id, output = _checked(answer)
        if call_id in texts:
            raise StreamUsageError(f"There are two outputs for {call_id!r}; a call has one.")
        texts[call_id] = render(output)
    unknown = [call_id for call_id in texts if call_id not in waiting]
    if unknown:
        raise StreamUsageError(not_waiting(unknown, waiting))
    return texts


def not_waiting(unknown: Sequence[str], waiting: Sequence[str]) -> str:
    return f"The run waits for no output of {', '.join(map(repr, unknown))}, but of {', '.join(map(repr, waiting))}."


def _checked(answer: object) -> tuple[str, object]:
    fields: Mapping[str, Any] = cast("Mapping[str, Any]", answer) if isinstance(answer, Mapping) else {}
    for name in ("tool_call_id", "output"):
        if name not in fields:
            raise StreamUsageError(f"An output is a dict with `tool_call_id` and `output`; {answer!r} has no `{name}`.")
    return fields["tool_call_id"], fields["output"]
