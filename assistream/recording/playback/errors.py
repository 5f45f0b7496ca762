"""The errors of tools, as far as a recording holds them."""

from __future__ import annotations

from ...errors import ToolError
from ...types import ToolFailure
from ..tape import Failure

__all__ = ["recorded_error"]


def recorded_error(failure: ToolFailure | Failure) -> ToolError:
    """An error that says the same, of a class that has the name of the original's."""
    # What the model was told begins with the class, unless it was the tool or a hook that said it.
    message = failure.message.removeprefix(f"{failure.error_type}: ")
    error: ToolError = type(failure.error_type, (ToolError,), {})(message)
    return error
