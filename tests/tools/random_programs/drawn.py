"""What is drawn: the calls of each turn, and how the program leaves; and what should come of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hypothesis import strategies as st

from assistream import MaxTurnsExceeded


@dataclass(frozen=True)
class Asked:
    """A call that the model makes: of `plain`, `task`, `hurry`, `pay`, or of what is `elsewhere`, or of nothing."""

    tool: str
    does: str = "returns"
    allowed: bool | str | None = True
    """What the hook says, of `pay`."""
    by_hand: bool = False

    @property
    def waits(self) -> bool:
        """Whether nobody answers it."""
        return not self.by_hand and (
            self.tool == "elsewhere" or (self.tool == "pay" and self.does != "misfits" and self.allowed is None)
        )

    @property
    def runs(self) -> bool:
        return not self.by_hand and self.tool != "fly" and (self.tool != "pay" or self.allowed is True)

    @property
    def arguments(self) -> str:
        written = {"does": self.does, "allowed": self.allowed}
        return '{"does": ["returns"]' if self.does == "misfits" else json.dumps(written)


@dataclass(frozen=True)
class Ending:
    """How the program leaves: in its body or a hook, after so many events or hooks, or from outside after a time."""

    how: str = "reads on"
    after: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Drawn:
    turns: tuple[tuple[Asked, ...], ...]
    ending: Ending = Ending()
    errors: str = "tell"
    max_turns: int = 10
    fails: bool = False
    """Whether the model fails in the end."""


DOES: Final = (
    *("returns", "returns", "progresses", "takes time", "tells", "fails", "is no JSON", "misfits"),
    *("interrupts", "stops iteration"),
)
IN_THE_BODY: Final = ("body breaks", "body raises", "body is interrupted", "body closes", "body cancels")
IN_A_HOOK: Final = ("hook raises", "hook is interrupted", "hook closes", "hook cancels")
FROM_OUTSIDE: Final = ("thread cancels", "task is cancelled", "task is cancelled early")

SOME_CALLS = st.builds(
    Asked,
    st.sampled_from(["plain", "task", "task", "hurry", "pay", "fly", "elsewhere"]),
    st.sampled_from(DOES),
    st.sampled_from([True, True, False, "Not today.", None]),
    st.sampled_from([False, False, False, True]),
)
QUIET_CALLS = st.builds(Asked, st.sampled_from(["plain", "task", "hurry"]), st.sampled_from(DOES[:4]))
TIMED_OUT = st.just(Asked("hurry", "never ends"))
TURNS = st.lists(st.one_of(QUIET_CALLS, SOME_CALLS, TIMED_OUT), min_size=1, max_size=4).map(tuple)
ENDINGS = st.one_of(
    st.just(Ending()),
    st.builds(Ending, st.sampled_from(IN_THE_BODY + IN_A_HOOK), st.integers(0, 25)),
    st.builds(Ending, st.sampled_from(FROM_OUTSIDE), seconds=st.floats(0, 0.06)),
)
PROGRAMS = st.builds(
    Drawn,
    st.lists(TURNS, max_size=4).map(tuple),
    ENDINGS,
    st.sampled_from(["tell", "tell", "raise"]),
    st.sampled_from([1, 2, 10, 10]),
    st.booleans(),
)


# What should come of it


class Boom(Exception):
    """A function's."""


class Oops(Exception):
    """The program's."""


class Interrupt(KeyboardInterrupt):
    """What Ctrl-C raises, wherever the program is."""


@dataclass(frozen=True)
class Outcome:
    """How a program ends that nobody leaves early."""

    status: str
    raises: tuple[type[BaseException], ...] = ()
    submits: int = 0


def expected(drawn: Drawn) -> Outcome:
    for done, turn in enumerate(drawn.turns):
        if any(call.waits and call.tool == "elsewhere" for call in turn):
            return Outcome("requires_action", submits=done)
        if done >= drawn.max_turns:
            return Outcome("cancelled", (MaxTurnsExceeded,), done)
        if any(call.waits for call in turn):
            return Outcome("requires_action", submits=done)
        if raised := tuple(_raised(drawn, turn)):
            return Outcome("cancelled", raised, done)
    return Outcome("failed" if drawn.fails else "completed", submits=len(drawn.turns))


def _raised(drawn: Drawn, turn: tuple[Asked, ...]) -> Iterator[type[BaseException]]:
    for call in filter(lambda call: call.runs, turn):
        if call.does == "interrupts":
            yield Interrupt
        if drawn.errors == "raise" and call.does == "fails":
            yield Boom
        if drawn.errors == "raise" and call.does == "stops iteration":
            yield RuntimeError
