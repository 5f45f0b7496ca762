"""`Engine`: the whole server, on uvicorn, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from starlette.types import ASGIApp

from ..errors import ConfigurationError
from .app import create_app
from .assembly import Plan, assembled, toolbox
from .embeddings import Embedder, EmbeddingFunction, as_embedder
from .interpreter import CodeInterpreter
from .keys import has_keys
from .models import Model, ModelFunction, Rehearsal, as_model
from .observing.watch import Wishes
from .options import (
    check_counts,
    check_drain,
    check_limits,
    check_options,
    check_wishes,
    checked_interpreter,
    checked_keys,
    checked_switch,
    checked_terms,
)
from .server import Server, address, listen, run
from .terms import WhenBusy
from .views.call import MAX_BODY, MAX_UPLOAD, Limits, Services

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

    from .builtin import Toolbox
    from .store import Store
    from .transfer import Tally
    from .transfer.running import Transfers
    from .vector_stores import Library
    from .webhooks import Webhook

_log = logging.getLogger("assistream.engine")

CLOSING = 20.0
"""Seconds `Engine.close` waits for the engine's thread, which a model that never gives back control would hold."""


class Engine:
    """An Assistants server for this process: ``with Engine() as engine: ... engine.base_url ...``.

    Args:
        path: the database; a file keeps everything for the next engine, ":memory:" nothing.
        model: what answers: a model, or a function (see `models.as_model`). `Rehearsal()` needs no network.
        host: the address to listen on. Any but this machine's own needs a key: an ``api_key``, or one in the database.
        port: 0 is any free one.
        api_key: what clients must present, one of them if it is a list, or one in the database (see `keys`); without
            any every program on this machine is let in.
        run_ttl: seconds after which a run that is not over expires.
        busy: what becomes of a run, or a message, for a thread that has an active run: it is refused ("reject"), has
            its turn afterwards ("queue"), or cancels the other one ("interrupt").
        max_runs: the runs that are worked on at once; others stay queued until there is room.
        max_queued: how many may; runs beyond that are refused with status 429.
        cancel_on_disconnect: whether a run is cancelled when nobody follows its stream any more.
        drain: seconds that runs in progress get to end by themselves when the engine closes.
        keepalive: seconds of silence on a stream after which a comment is sent.
        max_upload: the bytes that a file may have.
        max_body: the bytes that the body of any other request may have.
        open_files: whether files of every purpose can be read back; the hosted API gave back only what tools had made.
        embeddings: what makes vectors of texts for vector stores: an `Embeddings`, or an async function from texts to
            vectors; without it, files are found by their words alone.
        code_interpreter: whether runs may run code that their model writes, in a sandbox; `CodeInterpreter` says what
            it may use. Linux with bubblewrap only.
        access_log: whether requests, and ends of runs, are logged, at level INFO.
        tracer_provider: OpenTelemetry's, which then gets spans of requests, runs, calls of the model and of tools.
        webhooks: who is told, by requests of ours, what becomes of runs.
        playground: whether there is a page at ``/`` on which a person can use all of this.

    `start` and `close` may be called from any thread, and again. Closing fails the runs that are in progress; those
    that wait for tool outputs can be answered by the next engine on the same file.

    Raises `ConfigurationError` when it cannot start: what it says is why.
    """

    def __init__(
        self,
        path: str | Path = ":memory:",
        *,
        model: Model | ModelFunction | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | Sequence[str] | None = None,
        run_ttl: float = 600.0,
        busy: WhenBusy = "reject",
        max_runs: int = 1000,
        max_queued: int = 1000,
        cancel_on_disconnect: bool = False,
        drain: float = 0.0,
        keepalive: float = 15.0,
        max_upload: int = MAX_UPLOAD,
        max_body: int = MAX_BODY,
        open_files: bool = False,
        embeddings: Embedder | EmbeddingFunction | None = None,
        code_interpreter: bool | CodeInterpreter = False,
        access_log: bool = False,
        tracer_provider: TracerProvider | None = None,
        webhooks: Sequence[Webhook] = (),
        playground: bool = True,
    ) -> None:
        if not api_key and not _is_local(host) and not has_keys(path, active=True):
            raise ConfigurationError(
                f"The engine listens on {host!r} only with an api_key: without one, anybody who reaches this machine"
                " could use it. Pass api_key=... (--api-key, ASSISTREAM_API_KEY), or make a key in its database"
                " (`assistream keys create NAME`), or listen on 127.0.0.1."
            )
        check_options(model, port, keepalive)
        check_limits(max_upload=max_upload, max_body=max_body)
        check_counts(max_runs=max_runs, max_queued=max_queued)
        check_drain(drain)
        self._plan = Plan(
            path=path,
            model=as_model(Rehearsal() if model is None else model),
            embedder=as_embedder(embeddings),
            interpreter=checked_interpreter(code_interpreter),
            terms=checked_terms(run_ttl, busy, cancel_on_disconnect),
            max_runs=max_runs,
            max_queued=max_queued,
            keepalive=keepalive,
            limits=Limits(max_upload, max_body, open_files),
            wishes=Wishes(access_log, tracer_provider, check_wishes(tracer_provider, webhooks)),
            api_keys=checked_keys(api_key),
            is_local=_is_local(host),
        )
        self._host, self._port, self._drain = host, port, drain
        self._playground = checked_switch("playground", playground)
        self._lock = threading.Lock()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._over = threading.Event()
        self._base_url: str | None = None

    @property
    def base_url(self) -> str:
        if self._base_url is None or not self._runs():
            raise ConfigurationError("The engine is not running: use it as `with Engine() as engine:`, or start() it.")
        return self._base_url

    @property
    def playground_url(self) -> str | None:
        """Where the playground is, for a browser on this machine; None if it is switched off."""
        return self.base_url.removesuffix("v1") if self._playground else None

    def start(self) -> Self:
        """Returns when requests are answered. Nothing happens if it runs already."""
        with self._lock:
            if not self._runs():
                self._start()
        return self

    def _runs(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _start(self) -> None:
        listener = listen(self._host, self._port)
        base_url = address(self._host, listener.getsockname()[1])
        ready = Future[Server]()
        self._over = threading.Event()
        thread = threading.Thread(target=self._run, args=(listener, ready), name="assistream-engine", daemon=True)
        thread.start()
        if error := ready.exception():
            thread.join()
            raise error
        self._server, self._thread, self._base_url = ready.result(), thread, base_url

    def close(self) -> None:
        """Returns when the thread is gone, with its sockets and the database. Nothing happens if it is not running."""
        with self._lock:
            if self._thread and self._server:
                self._server.stop()
                # Not `join`, which a signal in the middle of it leaves believing that the thread has ended.
                if self._over.wait(self._drain + CLOSING):
                    self._thread.join()
                else:
                    _log.error("The engine does not end: its model blocks the event loop")
            self._thread = self._server = self._base_url = None

    def backup(
        self, target: str | os.PathLike[str], progress: Callable[[int, int], None] = lambda done, of: None
    ) -> None:
        """Copies the database, as it is now, into a new file that an engine can be started on.

        Runs go on meanwhile. ``progress`` is told how much is done, and of how much.
        """
        self._transfers().backup(target, progress)

    def export(self, target: str | os.PathLike[str] | BinaryIO) -> Mapping[str, int]:
        """Writes all that it keeps, as it is now, as JSON lines into a new file, or one that is open.

        It returns how much that was. Runs go on meanwhile.
        """
        return self._transfers().export(target)

    def load(
        self, source: str | os.PathLike[str] | BinaryIO | Iterable[bytes], *, skip_existing: bool = False
    ) -> Tally:
        """Takes in all of an export, or nothing.

        What is there already is refused, or with ``skip_existing`` skipped, with all that belongs to it. Runs that
        were not over go on as after a restart. Raises `TransferError`, which says what is wrong in which line.
        """
        return self._transfers().load(source, skip_existing)

    def _transfers(self) -> Transfers:
        from .transfer.running import Transfers

        with self._lock:
            if self._server is None or not self._runs():
                raise ConfigurationError("The engine is not running: start() it first.")
            return Transfers(*self._server.parts)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, listener: socket.socket, ready: Future[Server]) -> None:
        """The thread. Whoever starts it waits for ``ready``, which holds the error if there is one."""
        over = self._over
        try:
            with listener:
                run(self._serve(listener, ready))
        except BaseException as error:
            if ready.done():
                _log.critical("The engine has stopped", exc_info=error)
            else:
                ready.set_exception(error)
        finally:
            over.set()

    async def _serve(self, listener: socket.socket, ready: Future[Server]) -> None:
        async with assembled(self._plan, self._tools) as (services, self._keyring):
            server = Server(self._app(services), services.runner, self._drain, ready.set_result)
            server.parts = services.store, services.runner, asyncio.get_running_loop()
            await server.serve(sockets=[listener])

    async def _tools(self, store: Store, library: Library, stack: contextlib.AsyncExitStack) -> Toolbox:
        """What it runs itself; tests have others."""
        return await toolbox(self._plan, store, library, stack)

    def _app(self, services: Services) -> ASGIApp:
        """What answers; the testing kit puts more around it."""
        return create_app(services, self._keyring, playground=self._playground)


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
