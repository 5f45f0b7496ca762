"""What all writers of made-up runs write with."""

from __future__ import annotations

from random import Random

from .. import frames as wire
from .story import Block, Call, Object, Story

WORDS = (
    "Hel",
    "lo",
    " ",
    "\n",
    "\r\n",
    "ß",
    "日本",
    "😀",
    "\u2028",
    "\u0085",
    '"',
    "\\",
    "{}",
    "data: x",
    ":",
    "0",
    "\x7f",
)


class Broken(Exception):
    """The run ends here."""


class Pen:
    """What has come so far, and how much may still come; all chance comes from `random`."""

    def __init__(self, random: Random, leg: int) -> None:
        self.random, self.leg = random, leg
        self.v1 = random.random() < 0.3
        self.story = Story()
        self.count = 0
        self.left: float = 1e9
        """How many frames until the run ends early."""
        self.open_message: tuple[str, list[Block]] | None = None
        self.open_step: tuple[str, list[Call] | None] | None = None

    def tell(self, frame: bytes, *hooks: str) -> None:
        self.story.tell(frame, *hooks)
        self.left -= 1

    def _may_break(self) -> None:
        if self.left <= 0:
            raise Broken

    def _run(self) -> Object:
        return {"file_ids": [], "tools": [{"type": "retrieval"}]} if self.v1 else {}

    def _next(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_{self.leg}.{self.count}"

    def _text(self, least: int = 1) -> list[str]:
        return ["".join(self.random.choices(WORDS, k=self.random.randrange(1, 4))) for _ in range(self._few(least))]

    def _few(self, least: int) -> int:
        return self.random.choice([least, least + 1, least + 2, least + 5])

    def _in_progress(self, what: str, body: Object) -> None:
        if self.random.random() < 0.7:
            self.tell(wire.event(f"{what}.in_progress", body), "")
            self._may_break()

    def _step_ended(self, step: str, status: str, calls: list[Call] | None) -> None:
        self.story.steps.append("; ".join([f"{step} {status}", *(call.shown() for call in calls or [])]))
        self.open_step = None
