"""uvicorn, as an engine needs it: its loop, its socket, its beginning and its end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from ..errors import ConfigurationError
from .protocol import PatientProtocol
from .runner import Runner
from .source import PATIENCE
from .store import Store

GRACE = 2.0
"""Seconds that clients get, when the engine closes, to read what they were being sent."""
KEEP_ALIVE = 60
"""Seconds an idle connection stays: longer than most pauses between questions, or clients would meet closed ones."""


class Server(uvicorn.Server):
    """uvicorn, told when to stop instead of looking ten times a second, and closing without fixed pauses."""

    parts: tuple[Store, Runner, asyncio.AbstractEventLoop]
    """What `transfer` works with."""

    def __init__(self, app: ASGIApp, runner: Runner, drain: float, ready: Callable[[Server], None]) -> None:
        config = uvicorn.Config(app, http=PatientProtocol, ws="none", lifespan="off", log_config=None, access_log=False)
        config.timeout_keep_alive = KEEP_ALIVE
        super().__init__(config)
        self._runner, self._drain, self._ready = runner, drain, ready
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """From any thread; asked again, it does not wait for runs any longer."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: the engine has ended by itself
            self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        if self._stopped.is_set():
            self._runner.hurry()
        self._stopped.set()

    async def main_loop(self) -> None:
        self._ready(self)
        await self._stopped.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        # The streams of runs end with the runs, so their clients are told before the connections close.
        await self._runner.close(self._drain)
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._let_go()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in self.server_state.tasks:
            task.cancel()
        await asyncio.sleep(0)

    async def _let_go(self) -> None:
        deadline = self._loop.time() + GRACE
        state = self.server_state
        while (state.connections or state.tasks) and self._loop.time() < deadline:  # noqa: ASYNC110 -- plain sets
            await asyncio.sleep(0.002)


def run(main: Coroutine[Any, Any, None]) -> None:
    """`asyncio.run`, except that it does not wait for ever: tasks of a model may take no notice of their end."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(main)
    finally:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        tasks |= {loop.create_task(loop.shutdown_asyncgens())}
        loop.run_until_complete(asyncio.wait(tasks, timeout=PATIENCE))
        loop.close()


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol left out, asyncio does not switch Nagle's algorithm off, and a first event takes 40 ms, not 4.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there the option would let two engines share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigurationError(f"The engine cannot listen on {host!r}, port {port}: {error}.") from error
    return listener


def address(host: str, port: int) -> str:
    # "Every address" is one to listen on, not one to go to.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/v1" if ":" in host else f"http://{host}:{port}/v1"
