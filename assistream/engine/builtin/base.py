"""What a built-in tool is to the engine: a tool that it runs itself, in the middle of a leg.

A model is told of it as of a function. Its call becomes an entry of the step, of the tool's own type::

    {"id": "call_1", "type": "code_interpreter", "code_interpreter": {"input": "1 + 1", "outputs": []}}

What stands under the type is the `body` of the call. It grows by deltas, which clients are sent as they come: those
that the tool's `Reader` makes of the arguments while the model writes them, and those the tool says while it works.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..lifecycle import Document


class BadCall(Exception):
    """The model has made a call that makes no sense. It is told so, and may try again."""


class Broken(Exception):
    """The tool cannot work for this run, which fails: the message becomes its ``last_error``."""


@dataclass(frozen=True, slots=True)
class Job:
    """A call, written to its end."""

    run: Document
    id: str
    arguments: str
    """As the model wrote them."""
    body: Document
    """What the reader's deltas have made of it."""
    number: int
    """Which call of built-in tools it is in its thread: for marks of what it found."""
    say: Callable[[Document], Awaitable[None]]
    """Adds a delta to the body, and sends it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a call."""

    told: str
    """What the model is told; later questions repeat it, those of later runs shortened."""
    body: Document | None = None
    """The body as it is now; None is as the deltas have it."""
    sources: Mapping[str, str] = field(default_factory=dict[str, str])
    """What answers may cite from now on, each with the id of its file: a mark without its brackets, ``4:0``, or a link
    like ``sandbox:/mnt/data/plot.csv``."""


class Reader(Protocol):
    """Turns the arguments of one call, in the pieces in which they come, into deltas of its body."""

    def take(self, fragment: str) -> Document | None: ...

    def end(self) -> Document | None:
        """What was held back, when there are no more of them."""
        ...


class BuiltIn(Protocol):
    type: str
    """As assistants name it: "file_search"."""
    description: str
    parameters: Mapping[str, object]
    """A JSON schema."""

    def opening(self, run: Document) -> Document:
        """The body of a call that begins."""
        ...

    def reader(self) -> Reader: ...

    async def prepare(self, run: Document) -> None:
        """Is awaited before a leg asks its model; may raise `Broken`."""
        ...

    async def work(self, job: Job) -> Answer:
        """Does what was asked; may raise `BadCall` and `Broken`. When the run ends it is cancelled where it waits."""
        ...

    def forget(self, thread_id: str) -> None:
        """The thread is deleted: nothing is to be kept for it."""
        ...


@dataclass(frozen=True, slots=True)
class Silent:
    """A reader of arguments that are nobody's business but the tool's."""

    def take(self, fragment: str) -> Document | None:
        return None

    def end(self) -> Document | None:
        return None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run may speak of, besides what is said in its thread."""

    sources: Mapping[str, str] = field(default_factory=dict[str, str])
    pictures: Sequence[str] = ()
    """The ids of images that its tools made and no message of it shows yet."""
