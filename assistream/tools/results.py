"""What a tool returns, as the text that the model reads."""

from __future__ import annotations

from enum import Enum

from pydantic_core import to_json

from ..errors import ToolError

__all__ = ["render"]


def render(result: object) -> str:
    """A str as it is, anything else as JSON: numbers, lists, models, dataclasses, dates, whatever pydantic can write.

    None is "null", and so are NaN and infinity, which JSON does not have. bytes are text in UTF-8. Of an enum the
    value counts.

    Raises:
        ToolError: It cannot be written as JSON.
    """
    if isinstance(result, Enum):
        result = result.value
    if isinstance(result, str):
        return _sendable(str.__str__(result))
    try:
        return to_json(result, inf_nan_mode="null").decode()
    except (ValueError, RecursionError) as error:
        said = str(error).removeprefix("Error serializing to JSON: ")
        kind = type(result).__name__
        raise ToolError(f"What the tool returned, of type {kind}, cannot be written as JSON: {said}") from error


def _sendable(text: str) -> str:
    """Without halves of surrogate pairs, which file names can contain and UTF-8 cannot."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
