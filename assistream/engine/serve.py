"""`serve`: an engine in the foreground of a program."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable

from .engine import Engine
from .observing.logs import LogFormat, LogLevel, logging_to_stderr


def serve(
    engine: Engine,
    *,
    log_format: LogFormat | None = None,
    log_level: LogLevel = "info",
    started: Callable[[Engine], None] = lambda engine: None,
) -> None:
    """It answers until SIGINT or SIGTERM; ``started`` is told when it begins to.

    It ends when its runs have, or its ``drain`` seconds are over, or a second signal comes. With a ``log_format``
    ("text", "json"), what the engine says from ``log_level`` on goes to stderr; without, logging is left as the
    program has it.
    """
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with logging_to_stderr(log_format, log_level) if log_format else contextlib.nullcontext():
            with contextlib.suppress(KeyboardInterrupt):  # a second one: `engine` is closed again, in a hurry
                with engine, contextlib.suppress(KeyboardInterrupt):
                    started(engine)
                    threading.Event().wait()
            engine.close()
    finally:
        signal.signal(signal.SIGTERM, previous)
