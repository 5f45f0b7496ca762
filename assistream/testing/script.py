"""The turns of a test in the order they are played, and what became of each."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, cast

from ..engine.models import ModelError, ModelRequest, Scripted, Turn, says
from ..engine.models.base import ToolCallDelta
from ..engine.models.pieces import call_id
from .describe import asked, described
from .turns import Fault, Rejects, check

Scene: TypeAlias = Turn | str | Callable[[ModelRequest], Turn | str]
"""One turn: a plain string is said, a function makes the turn from what the model is asked."""

_IDS = random.SystemRandom()
_TURNS: Final = ": that is what says(), calls() and the like return, a plain string, or a function that returns either"


@dataclass(eq=False)
class Entry:
    """A turn in its place. ``due`` are the faults that have not happened yet."""

    number: int
    scene: Scene
    due: list[Fault] = field(default_factory=list[Fault])
    asked: bool = False
    error: BaseException | None = None
    """Why there is no turn to play: the function that makes it raised this, or did not return one."""

    def __post_init__(self) -> None:
        if isinstance(self.scene, Turn):
            self._expect(self.scene)
        elif not (isinstance(self.scene, str) or callable(self.scene)):  # pyright: ignore[reportUnnecessaryIsInstance] -- types do not bind everybody
            is_list = isinstance(cast(object, self.scene), list | tuple)
            hint = ": give its turns one by one, script(*turns)" if is_list else _TURNS
            raise TypeError(f"{self.scene!r} is no turn{hint}")

    def _expect(self, turn: Turn) -> None:
        check(turn)
        self.due = [step for step in turn.steps if isinstance(step, Fault)]

    @property
    def rejects(self) -> Rejects | None:
        first = self.scene.steps[0] if isinstance(self.scene, Turn) and self.scene.steps else None
        return first if isinstance(first, Rejects) else None

    def turn(self, request: ModelRequest) -> Turn:
        self.asked = True
        try:
            return self._made(request)
        except ModelError:  # that is how a model fails, so it may be what the test wants
            raise
        except BaseException as error:  # pytest.fail() raises what is no Exception
            self.error = error
            raise RuntimeError(f"{self} could not be made") from error

    def _made(self, request: ModelRequest) -> Turn:
        scene = self.scene
        turn = scene if isinstance(scene, Turn | str) else scene(request)
        turn = says(turn) if isinstance(turn, str) else turn
        if not isinstance(turn, Turn):  # pyright: ignore[reportUnnecessaryIsInstance] -- types do not bind everybody
            raise TypeError(f"{turn!r} is no turn{_TURNS}")
        if turn is not scene:
            self._expect(turn)
        return turn

    def __str__(self) -> str:
        return f"turn {self.number}: {described(self.scene)}"


class Script:
    """Requests that start or continue a run `claim` their turn when they come; the model then plays it."""

    def __init__(self, taken: Callable[[], Entry | None]) -> None:
        """``taken`` gives what the request that the model is asked for has claimed."""
        self.model: Final = Scripted(self._choose)
        self.functions: dict[str, str] = {}
        """The name of the function of each call that was made, by the id of the call."""
        self._taken = taken
        self._entries: list[Entry] = []
        self._left: deque[Entry] = deque()
        self._unexpected: list[ModelRequest] = []

    def add(self, *scenes: Scene) -> None:
        entries = [Entry(number, scene) for number, scene in enumerate(scenes, len(self._entries) + 1)]
        self._entries += entries
        self._left.extend(entries)

    def claim(self) -> Entry | None:
        return self._left.popleft() if self._left else None

    def put_back(self, entry: Entry) -> None:
        """The server refused the request, and asked no model."""
        self._left.appendleft(entry)

    @property
    def names(self) -> list[str]:
        """The functions that are called somewhere in the script."""
        turns = [entry.scene for entry in self._entries if isinstance(entry.scene, Turn)]
        names = [step.name for turn in turns for step in turn.steps if isinstance(step, ToolCallDelta) and step.name]
        return list(dict.fromkeys(names))

    @property
    def error(self) -> BaseException | None:
        """The first error of a function that was to make a turn."""
        return next((entry.error for entry in self._entries if entry.error is not None), None)

    def complaints(self) -> Iterator[str]:
        """What is left over, a sentence each."""
        for entry in self._left:
            yield f"not played: {entry}"
        for entry in self._entries:
            if entry.error is not None:
                yield f"could not be made: {entry}: {type(entry.error).__name__}: {entry.error}"
            elif entry not in self._left:
                yield from (f"did not happen: {fault}, in {entry}" for fault in entry.due)
        for request in self._unexpected:
            yield f"the model was asked, and the script had no turn left: {asked(request)}"

    def _choose(self, request: ModelRequest) -> Turn:
        entry = self._taken() or self.claim()
        if entry is None:
            self._unexpected.append(request)
            count = len(self._entries)
            raise ModelError("server_error", f"The script is exhausted: it has {count} turns, and was asked for more.")
        return self._with_ids(entry.turn(request))

    def _with_ids(self, turn: Turn) -> Turn:
        """A call without an id gets a new one each time it is played."""
        steps = [
            replace(step, id=step.id or call_id(_IDS)) if isinstance(step, ToolCallDelta) and step.name else step
            for step in turn.steps
        ]
        calls = [step for step in steps if isinstance(step, ToolCallDelta)]
        self.functions |= {step.id: step.name for step in calls if step.id and step.name}
        return replace(turn, steps=tuple(steps))
