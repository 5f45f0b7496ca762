"""One sandbox with its processes, and the socket to the program inside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import struct
import subprocess
from typing import Any, Self, cast

from .bubblewrap import NOBODYS, Recipe
from .inside import FOLDERS

LONGEST = 32 * 1024 * 1024
"""Bytes of a frame that is taken from inside: the largest image, as text."""
_users: set[int | None] = set()

_COMPLAINT = 4000
"""Characters of what a sandbox that did not come up has said."""


class Broken(Exception):
    """The sandbox is gone, or says what makes no sense."""


class Sandbox:
    """Made by `open`; to be closed, which kills whatever runs in it. All of it belongs to one event loop.

    What comes from inside is not trusted: it has a size and a form, or the sandbox is `Broken`.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], ours: socket.socket, said: int, info: int, user: int | None
    ) -> None:
        self.user: int | None = user
        """Whose processes run in it, and whose files there are; None is the engine's own user."""
        self._process, self._socket, self._said, self._info = process, ours, said, info
        self._ended = os.pidfd_open(process.pid)
        self.over: asyncio.Event = asyncio.Event()
        """Nothing runs in it any more."""
        self.folders: list[int] = []
        """`inside.FOLDERS`, open. They can be read when the sandbox is over, too, until it is closed."""
        self.root: int = 0
        """The first process in it, by its number out here."""
        self._first: int | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._doomed = self._closing = False
        self._informed: asyncio.Event = asyncio.Event()
        self._report = b""
        self._living: set[Sandbox] = set()
        self._loop = asyncio.get_running_loop()
        self._left: set[int] = {self._ended}
        """Of what has not ended: bubblewrap, and the first process in there, which ends after all others."""
        self._loop.add_reader(self._ended, self._see_off, self._ended)
        self._loop.add_reader(info, self._inform)

    @classmethod
    async def open(cls, recipe: Recipe, living: set[Sandbox] | None = None) -> Self:
        """Comes back when code can be run; raises `Broken` if that cannot be. In ``living`` it is until all of it is
        gone, which whoever gives up meanwhile does not see.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        said, saying = os.pipe()
        info, informing = os.pipe()
        user = _new_user()
        try:
            with theirs:
                process = _spawn(recipe, theirs, saying, informing, user)
        except BaseException:
            _users.discard(user)
            os.close(said)
            os.close(info)
            ours.close()
            raise
        finally:
            os.close(saying)
            os.close(informing)
        sandbox = cls(process, ours, said, info, user)
        sandbox._living = set() if living is None else living
        sandbox._living.add(sandbox)
        try:
            await sandbox._come_up()
        except BaseException:
            sandbox.close()
            raise
        return sandbox

    def _inform(self) -> None:
        """bubblewrap tells, in several pieces, which process is the first in there."""
        piece = os.read(self._info, 4096)
        self._report += piece
        if not piece or self._report.rstrip().endswith(b"}"):
            self._loop.remove_reader(self._info)
            self._informed.set()
            with contextlib.suppress(ValueError, KeyError, OSError):
                self.root = json.loads(self._report)["child-pid"]
                self._first = os.pidfd_open(self.root)
                self._left.add(self._first)
                self._loop.add_reader(self._first, self._see_off, self._first)
            if self._doomed:
                self.kill()

    async def _come_up(self) -> None:
        try:
            await _readable(self._socket.fileno())
            _, self.folders, _, _ = socket.recv_fds(self._socket, 1, len(FOLDERS))
            if len(self.folders) < len(FOLDERS):
                raise Broken
            await self._informed.wait()
            # From here on the stream has the socket, and closes it.
            self._reader, self._writer = await asyncio.open_connection(sock=self._socket)
            if not (await self.receive()).get("ready"):
                raise Broken
        except (OSError, Broken) as error:
            self.kill()
            await self.over.wait()
            raise Broken(self._complaint() or "it ended while it started") from error

    def _complaint(self) -> str:
        os.set_blocking(self._said, False)
        with contextlib.suppress(BlockingIOError):
            return os.read(self._said, 65536).decode(errors="replace").strip()[-_COMPLAINT:]
        return ""

    async def send(self, **frame: object) -> None:
        assert self._writer
        body = json.dumps(frame).encode()
        try:
            self._writer.write(struct.pack("!I", len(body)) + body)
            await self._writer.drain()
        except OSError as error:
            raise Broken("it takes no message") from error

    async def receive(self) -> dict[str, Any]:
        """The next frame; to be called by one task at a time."""
        try:
            (length,) = struct.unpack("!I", await self._reader.readexactly(4))
            if length > LONGEST:
                raise Broken(f"a message of {length} bytes")
            frame: object = json.loads(await self._reader.readexactly(length))
        except (OSError, asyncio.IncompleteReadError, ValueError, RecursionError) as error:
            raise Broken("it ended") from error
        if not isinstance(frame, dict):
            raise Broken("a message that is no object")
        return cast("dict[str, Any]", frame)

    def kill(self) -> None:
        """At once, and nothing in it can prevent it; it is over a moment later."""
        # Not bubblewrap: the first process in there would wait for it for ever if it had not yet been told to begin.
        self._doomed = True
        if self._first is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._first, signal.SIGKILL)

    def _see_off(self, ended: int) -> None:
        self._loop.remove_reader(ended)
        self._left.discard(ended)
        if ended == self._ended:
            self._loop.remove_reader(self._info)
            self._informed.set()
            self._process.wait()
            self.kill()  # what bubblewrap has left behind
        if not self._left:
            self.over.set()
            if self._closing:
                self._let_go()

    def close(self) -> None:
        """Kills it; when it is over, nothing of it is left. Nothing here waits, so that nothing can interrupt it."""
        if not self._closing:
            self._closing = True
            self.kill()
            if self.over.is_set():
                self._let_go()

    def _let_go(self) -> None:
        if self._writer:
            self._writer.transport.abort()
        else:
            self._socket.close()
        first = [] if self._first is None else [self._first]
        for end in (*self.folders, *first, self._ended, self._said, self._info):
            os.close(end)
        _users.discard(self.user)
        self._living.discard(self)
        self.folders, self._first = [], None


def _new_user() -> int | None:
    """For an engine that is root: a user that is nobody else, not even another sandbox of ours."""
    if os.geteuid():
        return None
    user = random.SystemRandom().choice([user for user in NOBODYS if user not in _users])
    _users.add(user)
    return user


def _spawn(
    recipe: Recipe, theirs: socket.socket, saying: int, informing: int, user: int | None
) -> subprocess.Popen[bytes]:
    rules = os.memfd_create("seccomp")
    try:
        os.write(rules, recipe.filter)
        os.lseek(rules, 0, os.SEEK_SET)
        # From the thread of the event loop: the sandbox dies with the thread that started it. In a session of its own,
        # so that Ctrl-C is for the engine alone.
        return subprocess.Popen(
            recipe.command(rules, informing, user),
            stdin=theirs.fileno(),
            stdout=saying,
            stderr=saying,
            cwd="/",
            env={},
            pass_fds=(rules, informing),
            start_new_session=True,
        )
    finally:
        os.close(rules)


async def _readable(end: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(end, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(end)
