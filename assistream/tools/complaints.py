"""What is wrong with a value, told to a model: short, and with nothing that only a programmer could use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["complaints"]

_MOST: Final = 20


def complaints(error: ValidationError, known: Sequence[str] = ()) -> str:
    """One line for each complaint: where in the value, and what it should be; `known` are the names at its top."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [_line(detail, known) for detail in details[:_MOST]]
    if len(details) > _MOST:
        lines.append(f"- and {len(details) - _MOST} more")
    return "\n".join(lines)


def _line(detail: ErrorDetails, known: Sequence[str]) -> str:
    place = ".".join(map(str, detail["loc"]))
    said = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        names = f": only {', '.join(known)}" if known and len(detail["loc"]) == 1 else ""
        said = f"there is no such argument{names}" if len(detail["loc"]) == 1 else "there is no such field"
    elif detail["type"] in ("model_type", "dict_type") and not place:
        said = "Input should be a JSON object"
    return f"- {place}: {said}" if place else f"- {said}"
