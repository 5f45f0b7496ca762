"""What went wrong, in one sentence."""

from __future__ import annotations

from ..errors import AssistreamError
from ..recording.words import clean

__all__ = ["sentence"]


def sentence(error: BaseException) -> str:
    """What an error says, in one line and with nothing in it that a terminal would obey."""
    said = str(error)
    if not isinstance(error, AssistreamError | OSError) or not said:
        said = f"{type(error).__name__}: {said}".removesuffix(": ")
    return clean(" ".join(said.split()))
