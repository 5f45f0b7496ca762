from __future__ import annotations

import io

import pytest

from assistream import Client, Console
from assistream.recording.screen import Screen

from ..frames import hello
from ..recording import play
from ..wire import Wire, stream


class Gone(io.StringIO):
    """A pipe that nobody reads any more."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_reader_that_has_gone_away_is_for_the_program_to_handle(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BrokenPipeError):
        Screen(file=Gone()).print("Hello")
    print("standard output is as it was", flush=True)
    assert capfd.readouterr().out == "standard output is as it was\n"


def test_a_console_raises_what_a_program_can_catch(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    with pytest.raises(BrokenPipeError):
        play(client, Console(Gone()))
