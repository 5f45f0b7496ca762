"""Turns and runs in the words of a test, for what it is told when something is left over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from ..engine.models import ModelError, ModelRequest, Turn
from ..engine.models.base import RefusalDelta, TextDelta, ToolCallDelta
from ..engine.models.scripted import Aside, Step
from ..errors import excerpt

_LIMIT = 60


def described(turn: Turn | str | Callable[..., object]) -> str:
    """About as it was written: ``says('Let me see.') + calls(get_time={})``."""
    if isinstance(turn, str):
        return f"says({excerpt(turn, _LIMIT)})"
    if not isinstance(turn, Turn):
        return f"what {getattr(turn, '__name__', turn)} returns"
    words = [word for kind, steps in groupby(turn.steps, type) for word in _words(kind, list(steps))]
    return " + ".join(words) or "a turn that says nothing"


def _words(kind: type[Step], steps: Sequence[Any]) -> Iterator[str]:
    if kind is TextDelta and (text := "".join(step.text for step in steps)):
        yield f"says({excerpt(text, _LIMIT)})"
    elif kind is RefusalDelta:
        yield f"refuses({excerpt(''.join(step.text for step in steps), _LIMIT)})"
    elif kind is ToolCallDelta:
        yield f"calls({', '.join(_calls(steps))})"
    elif issubclass(kind, ModelError):
        yield from (f"fails({step.code!r})" for step in steps)
    elif issubclass(kind, Exception):
        yield from (f"crashes({step!r})" for step in steps)
    elif issubclass(kind, Aside):
        yield from map(str, steps)


def _calls(steps: Sequence[ToolCallDelta]) -> Iterator[str]:
    for _, pieces in groupby(steps, lambda step: step.index):
        first, *rest = pieces
        yield f"{first.name}={''.join(piece.arguments for piece in (first, *rest))}"


def asked(request: ModelRequest) -> str:
    """The last thing a model was told."""
    if not request.messages:
        return "nothing"
    last = request.messages[-1]
    return f"{last.role}: {excerpt(last.text, _LIMIT)}"


def waiting(run: dict[str, Any]) -> str:
    """A run that is not over."""
    said = f"run {run['id']} of thread {run['thread_id']} is still {run['status']}"
    action: dict[str, Any] = run.get("required_action") or {"submit_tool_outputs": {"tool_calls": []}}
    functions: list[dict[str, str]] = [call["function"] for call in action["submit_tool_outputs"]["tool_calls"]]
    what = ", ".join(f"{function['name']}({function['arguments']})" for function in functions)
    return f"{said}, for the outputs of {what}" if what else said
