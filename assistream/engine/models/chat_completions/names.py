"""Which model of a server answers for the name that an assistant gives. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, cast

from ..base import ModelError

_SHOWN = 20


def mapped(name: str, models: Mapping[str, str], only: str | None) -> str | None:
    """What the settings say: a name in the map, then its patterns in order ("gpt-4*", "*"), then the only model."""
    if name in models:
        return models[name]
    return next((model for pattern, model in models.items() if fnmatchcase(name, pattern)), only)


def is_pattern(name: str) -> bool:
    return any(sign in name for sign in "*?[")


def choose(name: str, offered: Sequence[str]) -> str:
    """What the server's list says: this name, or its only model. A server without a list is asked for the name."""
    if not offered or name in offered:
        return name
    if f"{name}:latest" in offered:  # Ollama knows it by both
        return name
    # Models that only embed text stand in the lists, too.
    speaking = [model for model in offered if "embed" not in model.lower()]
    if len(speaking) == 1:
        return speaking[0]
    shown = ", ".join(offered[:_SHOWN]) + (", ..." if len(offered) > _SHOWN else "")
    raise ModelError("server_error", f"The model server has no model {name!r}. It has: {shown}.")


def listed(answer: object) -> list[str]:
    """The names in the answer to ``GET /models``, whatever shape it has; none if it says nothing."""
    if isinstance(answer, dict):
        fields = cast("dict[str, Any]", answer)
        return listed(fields.get("data") or fields.get("models"))
    items = cast("list[object]", answer) if isinstance(answer, list) else []
    return [name for item in items if (name := _name(item))]


def _name(item: object) -> str | None:
    fields = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
    name = fields.get("id") or fields.get("name")
    return name if isinstance(name, str) else None
