"""Embeddings that wait, so that a test can look at a file while it is indexed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence


class Gate:
    """An embedding function: of texts with the word "wait" there are no vectors until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.reached = threading.Event()
        self.left = 0
        """How many were cancelled while they waited."""

    async def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        if any("wait" in text for text in texts):
            self.reached.set()
            try:
                while not self.opened.is_set():  # noqa: ASYNC110 -- another thread opens it
                    await asyncio.sleep(0.001)
            except asyncio.CancelledError:
                self.left += 1
                raise
        return [letters(text) for text in texts]


def letters(text: str) -> list[float]:
    """A vector that says which letters a text has."""
    return [float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"]
