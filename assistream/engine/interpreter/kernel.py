"""A kernel in its sandbox: one piece of code after the other, each held to its limits."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, cast

from . import watch
from .bubblewrap import Recipe
from .limits import CodeInterpreter
from .sandbox import Broken, Sandbox

START = 60.0
"""Seconds in which a kernel must have come up."""
GRACE = 3.0
"""Seconds that interrupted code gets to end."""
LOOK = 0.1
"""Seconds between two looks at what the processes use."""

_CONTROLS = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
"""Colours and other commands to a terminal."""
_SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Logs:
    """What the code printed, what it came to, and how it failed."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """PNG or JPEG."""

    data: bytes


class Kernel:
    """Made by `open`; to be closed. It is `dead` when what runs in it was killed, or has killed itself."""

    def __init__(self, sandbox: Sandbox, options: CodeInterpreter) -> None:
        self.sandbox = sandbox
        self._options = options
        self._settling: asyncio.Task[None] | None = None
        self.dead: bool = False

    @classmethod
    async def open(cls, recipe: Recipe, living: set[Sandbox] | None = None) -> Self:
        """Raises `Broken` if it does not come up."""
        try:
            async with asyncio.timeout(START):
                return cls(await Sandbox.open(recipe, living), recipe.options)
        except TimeoutError as error:
            raise Broken(f"the kernel did not come up in {START:.0f} seconds") from error

    @property
    def folder(self) -> int:
        """``/mnt/data``, open."""
        return self.sandbox.folders[0]

    @contextmanager
    def running(self, code: str) -> Generator[Call]:
        """Iterate over the call for its outputs. Code that has not ended when this is left is interrupted."""
        call = Call(self.sandbox, self._options, code)
        watching = asyncio.create_task(call.watch())
        try:
            yield call
        finally:
            # Nothing is awaited: who leaves may have been cancelled.
            watching.cancel()
            if call.is_over:
                self.dead = call.broken
            else:
                self._settling = asyncio.create_task(self._settle(call))

    async def _settle(self, call: Call) -> None:
        if not await call.abandon():
            self.dead = True
            self.sandbox.kill()

    async def settled(self) -> None:
        """Returns when code that was left behind has ended, too."""
        if self._settling:
            await asyncio.wait([self._settling])

    def close(self) -> None:
        """It is gone when its `sandbox` is over, and `settled` returns."""
        self.dead = True
        self.sandbox.close()


class Call:
    """An iterator over `Logs` and `Image`. What went wrong with the code, or with its limits, is the last of them."""

    def __init__(self, sandbox: Sandbox, options: CodeInterpreter, code: str) -> None:
        self._sandbox, self._options, self._code = sandbox, options, code
        self._began = time.monotonic()
        self._clock: watch.Clock | None = None
        self._interrupted: float | None = None
        self._asked = False
        self._verdict = ""
        self._room, self._images = options.output, options.images
        self._line_is_open = False
        self._told = False
        self.is_over: bool = False
        self.broken: bool = False

    async def _begin(self) -> None:
        self._clock = watch.Clock(watch.usage(self._sandbox.root, ()))
        await self._sandbox.send(run=self._code, logs=self._options.output + 1, images=self._options.image_size)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Logs | Image:
        while not self.is_over:
            try:
                if self._clock is None:
                    await self._begin()
                if output := self._output(await self._sandbox.receive()):
                    return output
            except Broken:
                self.is_over = self.broken = True
                self._sandbox.kill()
                await self._sandbox.over.wait()
        return self._ending()

    def _output(self, frame: dict[str, Any]) -> Logs | Image | None:
        match frame:
            case {"logs": list()}:
                return self._joined(cast("list[object]", frame["logs"]))
            case {"image": str(text)}:
                return self._image(text) if self._may_show() else None
            case {"large": int(size)}:
                said = f"[An image of {size} bytes is left out: it may have {self._options.image_size}.]"
                return self._joined([[said, True]]) if self._may_show() else None
            case {"done": True}:
                self.is_over = True
                if frame.get("lost"):
                    self._verdict = self._verdict or "Some output was lost: it was too much at once."
            case {"died": int(status)}:
                self._verdict = self._verdict or f"The Python process has ended{_by(status)}."
                raise Broken
            case _:
                raise Broken
        return None

    def _joined(self, pieces: list[object]) -> Logs | None:
        said = ""
        for piece in pieces:
            match piece:
                case [str(text), bool(apart)]:
                    said += self._logs(text, apart)
                case _:
                    raise Broken
        return Logs(said) if said else None

    def _logs(self, text: str, apart: bool) -> str:
        text = _CONTROLS.sub("", text).encode("utf-8", "replace").decode()
        if apart and self._line_is_open:
            text = f"\n{text}"
        if self._room <= 0 or not text:
            return ""
        if len(text) > self._room:
            text = text[: self._room]
            self._interrupt(f"It said more than {self._options.output} characters; the rest is left out")
        self._room -= len(text)
        self._line_is_open = not text.endswith("\n")
        return text

    def _may_show(self) -> bool:
        """Those that are none, or too large, count too: each ends a piece of text."""
        self._images -= 1
        if self._images == -1:
            self._room = 0
            self._interrupt(f"It showed more than {self._options.images} images; the rest is left out")
        return self._images >= 0

    def _image(self, text: str) -> Image | None:
        try:
            data = base64.b64decode(text.replace("\n", ""), validate=True)
        except binascii.Error:
            return None
        if not data.startswith(_SIGNS) or len(data) > self._options.image_size:
            return None
        self._line_is_open = False
        return Image(data)

    def _ending(self) -> Logs:
        if self._told:
            raise StopAsyncIteration
        self._told = True
        verdict = self._verdict
        if self.broken:
            verdict = verdict or "The Python process has ended."
            verdict += " The next call gets a new one, without the variables of this one."
        if not verdict:
            raise StopAsyncIteration
        return Logs(f"\n[{verdict}]" if self._line_is_open else f"[{verdict}]")

    async def watch(self) -> None:
        """Holds the call to its limits until it is cancelled."""
        try:
            while True:
                await asyncio.sleep(LOOK)
                self._look()
                if self._interrupted is not None:
                    await self._end(self._interrupted)
        except (Broken, OSError):
            self._sandbox.kill()

    async def _end(self, since: float) -> None:
        if not self._asked:
            self._asked = True
            await self._sandbox.send(interrupt=True)
        elif time.monotonic() - since > GRACE:
            self._sandbox.kill()

    def _look(self) -> None:
        options, used = self._options, watch.usage(self._sandbox.root, self._sandbox.folders)
        spent = self._clock.look(used) if self._clock else 0.0
        if time.monotonic() - self._began > options.seconds:
            self._interrupt(f"It was stopped: it took more than {options.seconds:g} seconds")
        elif spent > options.cpu_seconds:
            self._interrupt(f"It was stopped: it took more than {options.cpu_seconds:g} seconds of processor time")
        if used.memory > options.memory and watch.shared_once(self._sandbox.root) > options.memory:
            self._kill(f"It was stopped: it used more than {options.memory} bytes of memory")
        elif used.sockets > watch.MOST_SOCKETS or used.files > watch.MOST_FILES:
            self._kill("It was stopped: it made more sockets, or more files, than there may be")

    def _interrupt(self, reason: str) -> None:
        if self._interrupted is None:
            self._interrupted = time.monotonic()
            self._verdict = f"{reason}."

    def _kill(self, reason: str) -> None:
        self._verdict = f"{reason}."
        self._sandbox.kill()

    async def abandon(self) -> bool:
        """Interrupts the code; whether it has ended."""
        self._room = self._images = 0
        try:
            async with asyncio.timeout(GRACE):
                await self._sandbox.send(interrupt=True)
                async for _ in self:
                    pass
        except (Broken, TimeoutError):
            return False
        return not self.broken


def _by(status: int) -> str:
    return f", killed by signal {-status}" if status < 0 else f" with status {status}" if status else ""
