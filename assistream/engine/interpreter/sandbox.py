"""One sandbox with its processes, and the socket to the program inside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
from typing import Any, Self

from .bubblewrap import Recipe
from .inside import FOLDERS

LONGEST = 32 * 1024 * 1024
"""Bytes of a frame that is taken from inside: the largest image, as text."""
_COMPLAINT = 4000
"""Characters of what a sandbox that did not come up has said."""


class Broken(Exception):
    """The sandbox is gone, or says what makes no sense."""


class Sandbox:
    """Made by `open`; to be closed, which kills whatever runs in it. All of it belongs to one event loop.

    What comes from inside is not trusted: it has a size and a form, or the sandbox is `Broken`.
    """

    def __init__(self, process: subprocess.Popen[bytes], said: int, ours: socket.socket) -> None:
        self._process, self._said, self._socket = process, said, ours
        self._ended = os.pidfd_open(process.pid)
        self.over: asyncio.Event = asyncio.Event()
        """Nothing runs in it any more."""
        self.folders: list[int] = []
        """`inside.FOLDERS`, open. They can be read when the sandbox is over, too, until it is closed."""
        self.root: int = 0
        """The first process in it, by its number out here."""
        self._first: int | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._closing = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._ended, self._reap)

    @classmethod
    async def open(cls, recipe: Recipe) -> Self:
        """Comes back when code can be run; raises `Broken` if that cannot be."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        said, saying = os.pipe()
        info, informing = os.pipe()
        try:
            with theirs:
                process = _spawn(recipe, theirs, saying, informing)
        except BaseException:
            os.close(said)
            os.close(info)
            ours.close()
            raise
        finally:
            os.close(saying)
            os.close(informing)
        sandbox = cls(process, said, ours)
        try:
            await sandbox._come_up(info)
        except BaseException:
            sandbox.close()
            raise
        finally:
            os.close(info)
        return sandbox

    async def _come_up(self, info: int) -> None:
        try:
            await _readable(self._socket.fileno())
            _, self.folders, _, _ = socket.recv_fds(self._socket, 1, len(FOLDERS))
            if len(self.folders) < len(FOLDERS):
                raise Broken
            # What bubblewrap tells, piece by piece, is complete before anything runs inside.
            self.root = json.loads(os.read(info, 4096))["child-pid"]
            self._first = os.pidfd_open(self.root)
            # From here on the stream has the socket, and closes it.
            self._reader, self._writer = await asyncio.open_connection(sock=self._socket)
            if not (await self.receive()).get("ready"):
                raise Broken
        except (OSError, ValueError, KeyError, Broken) as error:
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
        return frame

    def kill(self) -> None:
        """At once, and nothing in it can prevent it; it is over a moment later."""
        if self.over.is_set():
            return
        with contextlib.suppress(ProcessLookupError):
            if self._first is None:
                self._process.kill()
            else:  # all others in its namespace go with it, before bubblewrap comes to know
                signal.pidfd_send_signal(self._first, signal.SIGKILL)

    def _reap(self) -> None:
        self._loop.remove_reader(self._ended)
        self._process.wait()
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
        for end in (*self.folders, self._ended, self._said, *([] if self._first is None else [self._first])):
            os.close(end)
        self.folders, self._first = [], None


def _spawn(recipe: Recipe, theirs: socket.socket, saying: int, informing: int) -> subprocess.Popen[bytes]:
    rules = os.memfd_create("seccomp")
    try:
        os.write(rules, recipe.filter)
        os.lseek(rules, 0, os.SEEK_SET)
        # From the thread of the event loop: the sandbox dies with the thread that started it. In a session of its own,
        # so that Ctrl-C is for the engine alone.
        return subprocess.Popen(
            recipe.command(rules, informing),
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
