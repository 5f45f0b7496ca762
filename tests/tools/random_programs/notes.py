"""What is noted while a program is played, and what must be true of it then."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from assistream.streaming.events import TERMINAL
from assistream.types import PendingCall, Run

from .drawn import Drawn, Interrupt, Oops, expected


@dataclass
class Notes:
    """What happened while a program was played."""

    drawn: Drawn
    submitted: list[list[str]] = field(default_factory=list[list[str]])
    """The calls answered by each request that was sent."""
    asked: list[list[str]] = field(default_factory=list[list[str]])
    """The calls that the run waited for, each time that it did."""
    ends: int = 0
    raised: BaseException | None = None
    done: bool = False
    """It was read to its end."""
    pending: list[PendingCall] = field(default_factory=list[PendingCall])

    _heard: int = 0
    _busy: bool = False
    _thread: int = field(default_factory=threading.get_ident)

    def sent(self, request: httpx.Request) -> None:
        if request.url.path.endswith("/submit_tool_outputs"):
            self.submitted.append([output["tool_call_id"] for output in json.loads(request.content)["tool_outputs"]])

    async def async_sent(self, request: httpx.Request) -> None:
        self.sent(request)

    @contextmanager
    def hook(self, stream: Any) -> Generator[str | None]:
        """One at a time, in the thread that reads; gives what this hook is to do besides."""
        assert not self._busy
        assert self._thread == threading.get_ident()
        self._busy = True
        try:
            yield self._due(stream)
        finally:
            self._busy = False

    def _due(self, stream: Any) -> str | None:
        self._heard += 1
        ending = self.drawn.ending
        if self._heard != ending.after + 1 or not ending.how.startswith("hook"):
            return None
        if ending.how == "hook cancels":
            stream.cancel()
        return ending.how

    def by_hand(self, stream: Any) -> None:
        """Answers the calls of a run that has just begun to wait, those that are answered so."""
        waiting: list[PendingCall] = stream.pending_calls
        turn = self.drawn.turns[len(self.asked)]
        self.asked.append([call.id for call in waiting])
        outputs = [
            {"tool_call_id": call.id, "output": "by hand"}
            for call, asked in zip(waiting, turn, strict=True)
            if asked.by_hand
        ]
        if outputs:
            stream.submit_outputs(outputs)

    def in_the_body(self, number: int, stream: Any) -> bool:
        """What is to be done after an event; whether to leave."""
        ending = self.drawn.ending
        if number != ending.after:
            return False
        match ending.how:
            case "body raises":
                raise Oops
            case "body is interrupted":
                raise Interrupt
            case "body cancels":
                stream.cancel()
            case _:
                pass
        return ending.how == "body breaks"


def check(notes: Notes, run: Run | None) -> None:
    """When the program has left the stream; `run` is what the server says then, None if it never heard of it."""
    wanted, how = expected(notes.drawn), notes.drawn.ending.how
    assert notes.ends == 1
    if run is None:
        assert how == "task is cancelled early"
        assert not notes.asked
        return
    may_raise: tuple[type[BaseException], ...] = wanted.raises
    if how in {"body raises", "hook raises"}:
        may_raise += (Oops,)
    if how in {"body is interrupted", "hook is interrupted"}:
        may_raise += (Interrupt,)
    assert notes.raised is None or type(notes.raised) in may_raise, repr(notes.raised)
    assert run.status in TERMINAL or (run.status == "requires_action" == wanted.status and notes.done), run.status
    if run.status == "requires_action":
        assert [call.id for call in notes.pending] == [call.id for call in waiting(run)]
    if how == "reads on":
        assert (run.status, len(notes.submitted)) == (wanted.status, wanted.submits)
        assert bool(wanted.raises) == (notes.raised is not None)
    assert len(notes.submitted) <= notes.drawn.max_turns
    assert notes.submitted == notes.asked[: len(notes.submitted)]


def waiting(run: Run) -> list[Any]:
    return list(run.required_action.submit_tool_outputs.tool_calls) if run.required_action else []


def check_submits(notes: Notes) -> None:
    """When all is over: no call was answered twice."""
    answered = [call for submit in notes.submitted for call in submit]
    assert len(answered) == len(set(answered))
