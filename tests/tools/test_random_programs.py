"""Whatever a program of tools does: it never hangs, never leaves a run behind, never answers twice, leaks nothing."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from functools import partial

import anyio
import pytest
from hypothesis import HealthCheck, given, settings

from ..leaks import left_behind, open_things
from .random_programs.drawn import PROGRAMS, Drawn
from .random_programs.playing import async_play, play
from .random_programs.server import Server

EXAMPLES = int(os.environ.get("RANDOM_PROGRAMS", "40"))
"""How many programs are drawn for each colour."""

DEADLOCK = 60.0


def on(backend: str) -> Callable[[Server, str, Drawn], None]:
    def run(server: Server, base_url: str, drawn: Drawn) -> None:
        anyio.run(async_play, server, base_url, drawn, backend=backend)

    return run


COLOURS = {"sync": play, "asyncio": on("asyncio"), "trio": on("trio")}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Server, str]]:
    server = Server()
    with server.running() as base_url:
        play(server, base_url, Drawn(()))  # so that the engine has opened all that it needs
        yield server, base_url


@pytest.mark.parametrize("colour", COLOURS)
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drawn=PROGRAMS)
def test_random_programs(colour: str, server: tuple[Server, str], drawn: Drawn) -> None:
    before = {thing for thing in open_things() if thing.startswith("thread")}
    in_time(partial(COLOURS[colour], *server, drawn))
    left = {thing for thing in open_things() - before if thing.startswith("thread")}
    assert not left or not {thing for thing in left_behind(before) if thing.startswith("thread")}


def in_time(program: Callable[[], object]) -> None:
    """Run it in a thread of its own, so that a program that never ends is a failure that says where it waits."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            program()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(DEADLOCK)
    if thread.is_alive():
        frame = sys._current_frames()[thread.ident or 0]
        pytest.fail("it never ends:\n" + "".join(traceback.format_stack(frame)))
    if failures:
        raise failures[0]
