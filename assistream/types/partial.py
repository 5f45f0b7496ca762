"""JSON that is still being written."""

from __future__ import annotations

from typing import Any, cast

from pydantic_core import from_json


def partial_arguments(text: str) -> dict[str, Any]:
    """What the beginning of a JSON object says so far; a text in it may still grow, anything else is whole.

    What is no JSON object, or none yet, says nothing: the result is then empty.
    """
    try:
        value = from_json(text.encode(errors="replace"), allow_partial="trailing-strings")
    except ValueError:
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
