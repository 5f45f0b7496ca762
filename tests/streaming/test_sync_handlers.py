# Written by scripts/unasync.py from test_async_handlers.py; edit that file instead.
"""CONTRACT section 4, the rows about what may be a handler: E12, E13, E25."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from assistream import AssistantEventHandler, BadRequestError, Client, StreamUsageError
from assistream.types import AssistantStreamEvent, Text, TextDelta

from ..frames import RC, answers, asks, hello
from ..recording import OUTPUTS, Tracer, classic, play, said, streaming
from ..wire import Wire, answer, hang, stream


class Forgetful(AssistantEventHandler):
    def __init__(self) -> None:  # no super().__init__()
        self.texts: list[str | None] = []

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.texts.append(delta.value)


@dataclass
class Data(AssistantEventHandler):
    texts: list[str | None] = field(default_factory=list[str | None])

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.texts.append(delta.value)


@dataclass(frozen=True)
class Frozen(AssistantEventHandler):
    texts: list[str | None] = field(default_factory=list[str | None])

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.texts.append(delta.value)


@pytest.mark.parametrize("kind", [Forgetful, Data, Frozen])
def test_e12_nothing_needs_an_init(server: Wire, client: Client, kind: type[Forgetful | Data | Frozen]) -> None:
    server.add(stream(*hello()))
    handler = kind()
    with streaming(client, handler) as target:
        target.until_done()
    assert target is handler
    assert handler.texts == ["Hel", "lo"]


def test_e12_hooks_of_the_instance_count(server: Wire, client: Client) -> None:
    said: list[str | None] = []

    def on_text_delta(delta: TextDelta, snapshot: Text) -> None:
        said.append(delta.value)

    server.add(stream(*hello()))
    handler = AssistantEventHandler()
    handler.on_text_delta = on_text_delta  # type: ignore[method-assign]  # programs do this
    play(client, handler)
    assert said == ["Hel", "lo"]


def test_e13_used_before_its_stream_starts(server: Wire, client: Client) -> None:
    handler = Tracer()
    with pytest.raises(StreamUsageError):
        handler.until_done()
    with pytest.raises(StreamUsageError):
        handler.get_final_run()
    with pytest.raises(StreamUsageError):
        for _ in handler:
            pass
    with pytest.raises(StreamUsageError):
        for _ in handler.text_deltas:
            pass
    assert (handler.current_event, handler.current_run, handler.run_id, handler.usage) == (None, None, None, None)


def refused(client: Client, handler: AssistantEventHandler) -> None:
    with pytest.raises(StreamUsageError):
        with streaming(client, handler):
            pass


def test_e13_a_handler_is_not_used_again(server: Wire, client: Client) -> None:
    server.add(stream(*hello()), times=2)
    handler = Tracer()
    play(client, handler)
    log = list(handler.log)
    refused(client, handler)
    assert (len(server.requests), handler.log) == (1, log)


def test_e13_a_handler_whose_stream_never_opened_is_as_new(server: Wire, client: Client) -> None:
    server.add(answer({"error": {"message": "no"}}, 400))
    server.add(stream(*hello()))
    handler = Tracer()
    with pytest.raises(BadRequestError):
        play(client, handler)
    play(client, handler)
    assert handler.log[:2] == ["exception BadRequestError", "end"]
    assert said(handler.current_message_snapshot) == "Hello"


def test_e13_a_handler_serves_one_stream_at_a_time(server: Wire, client: Client) -> None:
    server.add(stream(RC(), then=hang()), times=2)
    with streaming(client, Tracer()) as handler:
        refused(client, handler)
        assert len(server.requests) == 1
        assert (handler.__next__()).event == "thread.run.created"


def test_e13_a_handler_in_two_managers(server: Wire, client: Client) -> None:
    server.add(stream(*hello()), times=2)
    handler = Tracer()
    first, second = streaming(client, handler), streaming(client, handler)
    with first:
        with pytest.raises(StreamUsageError):
            second.__enter__()
    assert len(server.requests) == 1


def test_e13_a_handler_does_not_go_over_to_another_run(server: Wire, client: Client) -> None:
    server.add(stream(*asks()), times=2)
    handler = Tracer()
    play(client, handler)
    with pytest.raises(StreamUsageError):
        with client.beta.threads.runs.submit_tool_outputs_stream(
            run_id="run_2", thread_id="thread_1", tool_outputs=OUTPUTS, event_handler=handler
        ):
            pass
    assert len(server.requests) == 1


def test_e13_a_handler_goes_on_with_the_next_leg_of_its_run(server: Wire, client: Client) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()))
    handler = Tracer()
    play(client, handler)
    with client.beta.threads.runs.submit_tool_outputs_stream(
        run_id="run_1", thread_id="thread_1", tool_outputs=OUTPUTS, event_handler=handler
    ) as target:
        assert target is handler
        assert (target.get_final_run()).status == "completed"
    assert classic(handler.log).count("text_done Hello") == 1


def test_e13_without_a_handler_each_stream_has_its_own(server: Wire, client: Client) -> None:
    server.add(stream(*hello()), times=2)
    for _ in range(2):
        with client.beta.threads.runs.stream("thread_1", assistant_id="asst_1") as handler:
            assert [text for text in handler.text_deltas] == ["Hel", "lo"]


class Named(AssistantEventHandler):
    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log

    def on_event(self, event: AssistantStreamEvent) -> None:
        self.log.append(f"{self.name} {self.current_run.status if self.current_run else None}")

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.log.append(f"{self.name} {delta.value} {snapshot.value}")

    def on_exception(self, exception: Exception) -> None:
        self.log.append(f"{self.name} {type(exception).__name__}")

    def on_end(self) -> None:
        self.log.append(f"{self.name} end")


def test_e25_several_handlers(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    log: list[str] = []
    first, second = Named("a", log), Named("b", log)
    with streaming(client, [first, second]) as target:
        assert target is first
        target.until_done()
    ours, theirs = log[::2], log[1::2]
    assert ours == [line.replace("b ", "a ", 1) for line in theirs]
    assert [line for line in ours if "lo" in line] == ["a lo Hello"]
    assert log[-2:] == ["a end", "b end"]
    assert second.current_run is first.current_run


def test_e25_the_second_handler_raises(server: Wire, client: Client) -> None:
    class Breaks(Named):
        def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            raise LookupError("mine")

    server.add(stream(*hello()))
    log: list[str] = []
    with pytest.raises(LookupError, match="mine"):
        with streaming(client, [Named("a", log), Breaks("b", log)]) as target:
            target.until_done()
    assert log[-5:] == ["a Hel Hel", "a LookupError", "b LookupError", "a end", "b end"]


def test_e25_every_handler_hears_the_end(server: Wire, client: Client) -> None:
    class Breaks(Named):
        def on_end(self) -> None:
            raise LookupError("mine")

    server.add(stream(*hello()))
    log: list[str] = []
    with pytest.raises(LookupError, match="mine"):
        with streaming(client, [Breaks("a", log), Named("b", log)]) as target:
            target.until_done()
    assert log[-1] == "b end"
