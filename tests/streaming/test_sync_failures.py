# Written by scripts/unasync.py from test_async_failures.py; edit that file instead.
"""CONTRACT section 4, E10: what a hook raises."""

from __future__ import annotations

import httpx
import pytest

from assistream import APIError, APITimeoutError, Client
from assistream.types import AssistantStreamEvent, Message, Run, Text, TextDelta

from ..frames import RC, event, hello
from ..recording import Tracer, play, streaming
from ..wire import SILENCE, Wire, hang, stream, until

MINE = LookupError("mine")


class InOnEvent(Tracer):
    def on_event(self, event: AssistantStreamEvent) -> None:
        raise MINE


class InOnRunChanged(Tracer):
    def on_run_changed(self, run: Run) -> None:
        raise MINE


class InOnTextDelta(Tracer):
    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        raise MINE


class InOnMessageDone(Tracer):
    def on_message_done(self, message: Message) -> None:
        raise MINE


@pytest.mark.parametrize("kind", [InOnEvent, InOnRunChanged, InOnTextDelta, InOnMessageDone])
def test_e10_it_propagates_unchanged(server: Wire, client: Client, kind: type[Tracer]) -> None:
    server.add(stream(*hello(), then=hang()))
    handler = kind()
    with pytest.raises(LookupError) as raised:
        play(client, handler)
    assert raised.value is MINE
    assert handler.log[-2:] == ["exception LookupError", "end"]
    until(lambda: not server.open)


def test_e10_the_end_of_an_iterator_in_a_hook_is_not_the_end_of_the_stream(server: Wire, client: Client) -> None:
    class Runs(Tracer):
        def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            raise StopIteration

    server.add(stream(*hello()))
    with pytest.raises((RuntimeError, StopIteration)):  # Python itself makes it a RuntimeError in such places
        play(client, Runs())


def test_e10_nothing_is_called_after_it(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    handler = InOnTextDelta()
    with streaming(client, handler) as target:
        with pytest.raises(LookupError):
            target.until_done()
        before = list(handler.log)
        assert [received for received in target] == []
    assert handler.log == before
    assert "message_delta MessageDelta" not in before


def test_e10_a_timeout_error_of_the_program_is_no_timeout(server: Wire, client: Client) -> None:
    class Late(Tracer):
        def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            raise TimeoutError("the database")

    server.add(stream(*hello()))
    handler = Late()
    with pytest.raises(TimeoutError, match="the database"):
        play(client, handler)
    assert handler.log[-2:] == ["exception TimeoutError", "end"]
    assert "timeout" not in handler.log


def test_e10_the_failure_is_kept(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    handler = InOnMessageDone()
    with streaming(client, handler) as target:
        for wait in (target.until_done, target.get_final_run, target.get_final_messages, target.get_final_run_steps):
            with pytest.raises(LookupError) as raised:
                wait()
            assert raised.value is MINE
    assert handler.log.count("exception LookupError") == 1
    assert handler.log.count("end") == 1


class BadEnd(Tracer):
    def on_end(self) -> None:
        super().on_end()
        raise RuntimeError("at the end")


def test_e10_on_end_masks_no_hook(server: Wire, client: Client) -> None:
    class Both(BadEnd, InOnTextDelta): ...

    server.add(stream(*hello()))
    handler = Both()
    with pytest.raises(LookupError) as raised:
        play(client, handler)
    assert raised.value is MINE
    assert handler.log[-1] == "end"


def test_e10_on_end_masks_no_error_of_the_server(server: Wire, client: Client) -> None:
    server.add(stream(RC(), event("error", {"message": "Overloaded."})))
    with pytest.raises(APIError, match="Overloaded"):
        play(client, BadEnd())


def test_e10_on_end_masks_no_error_of_the_body(server: Wire, client: Client) -> None:
    server.add(stream(RC(), then=hang()))
    handler = BadEnd()
    with pytest.raises(KeyError, match="mine"):
        with streaming(client, handler):
            raise KeyError("mine")
    assert handler.log == ["end"]
    until(lambda: not server.open)


def test_e10_on_end_alone_is_heard(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    handler = BadEnd()
    with pytest.raises(RuntimeError, match="at the end"):
        play(client, handler)
    assert handler.log.count("end") == 1


def test_e10_on_exception_replaces_the_error(server: Wire, client: Client) -> None:
    class Translates(InOnTextDelta):
        def on_exception(self, exception: Exception) -> None:
            super().on_exception(exception)
            raise ConnectionAbortedError("translated")

    server.add(stream(*hello()))
    handler = Translates()
    with pytest.raises(ConnectionAbortedError, match="translated") as raised:
        play(client, handler)
    assert raised.value.__context__ is MINE
    assert handler.log[-2:] == ["exception LookupError", "end"]


def test_e10_on_timeout_replaces_the_error(server: Wire, client: Client) -> None:
    class Impatient(Tracer):
        def on_timeout(self) -> None:
            super().on_timeout()
            raise ConnectionAbortedError("translated")

    server.add(stream(RC(), then=hang()))
    handler = Impatient()
    with pytest.raises(ConnectionAbortedError, match="translated") as raised:
        play(client, handler, timeout=httpx.Timeout(5, read=SILENCE))
    assert isinstance(raised.value.__context__, APITimeoutError)
    assert handler.log.count("timeout") == handler.log.count("end") == 1
    assert handler.log[-1] == "end"
    until(lambda: not server.open)


def test_e10_the_body_may_go_on_after_it(server: Wire, client: Client) -> None:
    server.add(stream(*hello(), then=hang()))
    with streaming(client, InOnTextDelta()) as target:
        with pytest.raises(LookupError):
            target.until_done()
        until(lambda: not server.open)
