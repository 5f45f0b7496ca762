"""The errors of tools, as far as a recording holds them."""

from __future__ import annotations

from ...errors import ToolError
from ...types.tools import ToolFailure

__all__ = ["recorded_error"]


def recorded_error(failure: ToolFailure) -> ToolError:
    """An error that says the same, of a class that has the name of the original's."""
    error: ToolError = type(failure.error_type, (ToolError,), {})(failure.message)
    return error
