"""What went wrong, in one sentence."""

from __future__ import annotations

from ..errors import APIConnectionError, AssistreamError
from ..recording.words import clean

__all__ = ["sentence"]


def sentence(error: BaseException) -> str:
    """What an error says, in one line and with nothing in it that a terminal would obey."""
    said = str(error)
    if isinstance(error, APIConnectionError) and error.__cause__ is not None and str(error.__cause__):
        said = f"{said.rstrip('.')}: {error.__cause__}"
    if isinstance(error, APIConnectionError) and error.request is not None:
        said = f"{said.rstrip('.')} ({error.request.url})"
    if not isinstance(error, AssistreamError | OSError) or not said:
        said = f"{type(error).__name__}: {said}".removesuffix(": ")
    return clean(" ".join(said.split()))
