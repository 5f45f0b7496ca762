# Written by scripts/unasync.py from test_async_connections.py; edit that file instead.
"""CONTRACT section 4, the rows about the connection itself: E18, E19, E20."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assistream import APIConnectionError, AssistantEventHandler, Client, InternalServerError
from assistream.types import AssistantStreamEvent, Run

from ..frames import DONE, RC, RD, answers, asks, hello, message, name_of, run
from ..recording import OUTPUTS, Tracer, classic, line, play, streaming
from ..wire import Step, Wire, answer, end, flood, pause, reset, script, send, stream, until

SUBMIT = "/threads/thread_1/runs/run_1/submit_tool_outputs"
ONE = httpx.Limits(max_connections=1)
MEBIBYTE = 1 << 20


@pytest.fixture
def narrow(server: Wire) -> Iterator[Client]:
    """A client with one connection, which does not wait for ever for a second one."""
    http = httpx.Client(limits=ONE)
    timeout = httpx.Timeout(30, pool=5)
    with Client(base_url=server.url, api_key="test", http_client=http, timeout=timeout, max_retries=0) as client:
        yield client


class Nests(Tracer):
    """The old pattern: the outputs are submitted inside a hook, to a new handler or to this one."""

    def __init__(self, client: Client, *inner: Tracer) -> None:
        super().__init__()
        self.client = client
        self.inner: list[Tracer] = list(inner) or [self]

    def submit(self, run: Run) -> None:
        self.log.append("(")
        with self.client.beta.threads.runs.submit_tool_outputs_stream(
            run_id=run.id, thread_id=run.thread_id, tool_outputs=OUTPUTS, event_handler=self.inner
        ) as stream:
            stream.until_done()
        self.log.append(")")


class InOnEvent(Nests):
    def on_event(self, event: AssistantStreamEvent) -> None:
        self.log.append(line("event", event))
        if event.event == "thread.run.requires_action":
            self.submit(event.data)


class InOnRunRequiresAction(Nests):
    def on_run_requires_action(self, run: Run) -> None:
        self.submit(run)


PLACES = pytest.mark.parametrize("kind", [InOnEvent, InOnRunRequiresAction])
ASKED = [f"event {name_of(frame)}" for frame in asks(done=False)]
ANSWERED = [f"event {name_of(frame)}" for frame in answers(done=False)]


def brief(log: list[str]) -> list[str]:
    return [entry for entry in log if entry.startswith(("event", "(", ")", "end"))]


@PLACES
def test_e18_a_nested_submit_with_one_connection(server: Wire, narrow: Client, kind: type[Nests]) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    inner = Tracer()
    handler = kind(narrow, inner)
    play(narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", ")", "end"]
    assert brief(inner.log) == [*ANSWERED, "end"]
    assert [connection.requests for connection in server.connections] == [2]
    assert server.requests[1].body == {"tool_outputs": OUTPUTS, "stream": True}


@PLACES
def test_e18_a_nested_submit_to_the_same_handler(server: Wire, narrow: Client, kind: type[Nests]) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    handler = kind(narrow)
    with streaming(narrow, handler) as target:
        run = target.get_final_run()
        assert classic(handler.log).count("text_done Hello") == 1
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "end"]
    assert [connection.requests for connection in server.connections] == [2]
    assert (run.status, run.id) == ("completed", "run_1")
    told = [entry.split()[0] for entry in handler.log]
    assert (told.count("tool_call_created"), told.count("tool_call_done"), told.count("run_step_done")) == (1, 1, 2)
    assert told.index("tool_call_done") < told.index("run_step_done")


def test_e18_a_nested_submit_in_the_body(server: Wire, narrow: Client) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    handler = Nests(narrow)
    with streaming(narrow, handler) as target:
        for event in target:
            if event.event == "thread.run.requires_action":
                handler.submit(event.data)
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "end"]
    assert [connection.requests for connection in server.connections] == [2]


def test_e18_several_turns_nested_in_each_other(server: Wire, narrow: Client) -> None:
    server.add(stream(*asks()), times=3)
    server.add(stream(*answers()), path=SUBMIT)
    handler = InOnRunRequiresAction(narrow)
    play(narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", *ASKED, "(", *ASKED, "(", *ANSWERED, ")", ")", ")", "end"]
    assert [connection.requests for connection in server.connections] == [4]


def test_e18_several_handlers_go_on_together(server: Wire, narrow: Client) -> None:
    server.add(stream(*asks()))
    server.add(stream(*answers()), path=SUBMIT)
    handler, other = InOnEvent(narrow), Tracer()
    handler.inner.append(other)
    with streaming(narrow, [handler, other]) as target:
        target.until_done()
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "end"]
    # The other one learns what the answer to the call was before it learns of the call: hooks are nested, too.
    assert sorted(brief(other.log)) == sorted([*ASKED, *ANSWERED, "end"])
    assert other.log[-1] == "end"


def test_e18_what_follows_on_the_leg_is_queued(server: Wire, narrow: Client) -> None:
    server.add(stream(*asks(done=False), RC(), DONE))
    server.add(stream(*answers()), path=SUBMIT)
    inner = Tracer()
    handler = InOnEvent(narrow, inner)
    play(narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", ")", "event thread.run.created", "end"]


def test_e18_what_follows_on_the_leg_comes_to_the_same_handler(server: Wire, narrow: Client) -> None:
    server.add(stream(*asks(done=False), RC(), DONE))
    server.add(stream(*answers()), path=SUBMIT)
    handler = InOnEvent(narrow)
    play(narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "event thread.run.created", "end"]


def test_e18_the_leg_ends_slowly(server: Wire, narrow: Client) -> None:
    server.add(stream(*asks(done=False), then=script(pause(0.1), send(DONE), pause(0.05), end())))
    server.add(stream(*answers()), path=SUBMIT)
    play(narrow, InOnEvent(narrow))
    assert [connection.requests for connection in server.connections] == [2]


TOO_LATE = script(pause(10), send(DONE), end())  # a client that waited would use the connection again
TOO_MUCH = flood(b": " + b"x" * 65536 + b"\n\n")


@pytest.mark.parametrize("rest", [TOO_LATE, TOO_MUCH, reset()], ids=["too late", "too much", "reset"])
def test_e18_the_leg_does_not_end(server: Wire, narrow: Client, rest: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.streaming.bare._sync.TAIL_SECONDS", 0.3)  # instead of 2
    server.add(stream(*asks(done=False), then=rest))
    server.add(stream(*answers()), path=SUBMIT)
    handler = InOnEvent(narrow)
    play(narrow, handler)
    assert brief(handler.log) == [*ASKED, "(", *ANSWERED, ")", "end"]
    assert [connection.requests for connection in server.connections] == [1, 1]
    assert server.connections[0].sent < 32 * MEBIBYTE  # 1 MiB and what the system buffers; in 2 s many times more


def test_e18_the_nested_leg_fails(server: Wire, narrow: Client) -> None:
    server.add(stream(*asks()))
    server.add(answer({"error": {"message": "No."}}, 500), path=SUBMIT, times=9)
    handler = InOnEvent(narrow)
    with pytest.raises(InternalServerError, match=r"No\."):
        play(narrow, handler)
    assert handler.log[-3:] == ["(", "exception InternalServerError", "end"]
    assert len(server.requests) == 2


def create(client: Client) -> None:
    client.beta.threads.runs.create("thread_1", assistant_id="asst_1")


def create_and_run(client: Client) -> None:
    client.beta.threads.create_and_run(assistant_id="asst_1")


def submit(client: Client) -> None:
    client.beta.threads.runs.submit_tool_outputs("run_1", thread_id="thread_1", tool_outputs=OUTPUTS)


def add_message(client: Client) -> None:
    client.beta.threads.messages.create("thread_1", role="user", content="Hi")


def start_stream(client: Client) -> None:
    play(client, Tracer())


ONCE = pytest.mark.parametrize("act", [create, create_and_run, submit, add_message, start_stream])


@ONCE
@pytest.mark.parametrize("loss", [answer("no", 500, headers={"retry-after-ms": "1"}), reset()], ids=["500", "reset"])
def test_e19_never_twice(server: Wire, client: Client, act: Any, loss: Step) -> None:
    server.add(loss, times=9)
    with pytest.raises((InternalServerError, APIConnectionError)):
        act(client)
    assert len(server.requests) == 1
    assert server.requests[0].headers["idempotency-key"]


@ONCE
def test_e19_again_at_a_server_that_knows_its_keys(server: Wire, client: Client, act: Any) -> None:
    server.add(answer(run(), headers={"assistream-idempotency": "1"}), method="GET")
    server.add(answer("no", 503, headers={"retry-after-ms": "1"}))
    server.add(stream(*hello()) if act is start_stream else answer(message() if act is add_message else run()))
    client.beta.threads.runs.retrieve("run_1", thread_id="thread_1")
    act(client)
    _, first, second = server.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


def test_e19_each_request_has_a_key_of_its_own(server: Wire, client: Client) -> None:
    server.add(stream(*hello()), times=3)
    for _ in range(3):
        start_stream(client)
    assert len({request.headers["idempotency-key"] for request in server.requests}) == 3


def read_by_iteration(client: Client) -> None:
    with streaming(client, Tracer()) as target:
        for _ in target:
            pass


def read_text(client: Client) -> None:
    with streaming(client, Tracer()) as target:
        assert [text for text in target.text_deltas] == ["Hel", "lo"]


def read_bare(client: Client) -> None:
    for _ in client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True):
        pass


def read_final(client: Client) -> None:
    with streaming(client, AssistantEventHandler()) as target:
        assert (target.get_final_run()).status == "completed"


READERS = pytest.mark.parametrize("read", [start_stream, read_by_iteration, read_text, read_bare, read_final])


@READERS
def test_e20_many_runs_use_one_connection(server: Wire, narrow: Client, read: Any) -> None:
    server.add(stream(*hello()), times=5)
    for _ in range(5):
        read(narrow)
    assert [connection.requests for connection in server.connections] == [5]


@READERS
def test_e20_also_when_the_end_comes_in_pieces(server: Wire, narrow: Client, read: Any) -> None:
    server.add(stream(*hello(done=False), then=script(pause(0.02), send(DONE), pause(0.02), end())), times=2)
    for _ in range(2):
        read(narrow)
    assert [connection.requests for connection in server.connections] == [2]


def test_e20_the_end_marker_without_the_end_of_the_run(server: Wire, narrow: Client) -> None:
    server.add(stream(RC(), DONE, then=script(pause(0.05), end())), times=2)
    for _ in range(2):
        play(narrow, Tracer())
    assert [connection.requests for connection in server.connections] == [2]


@pytest.mark.parametrize("frames", [[RC(), DONE], hello(done=False)], ids=["done", "run ended"])
def test_e20_a_server_that_does_not_stop_is_left(server: Wire, narrow: Client, frames: list[bytes]) -> None:
    server.add(stream(*frames, then=TOO_MUCH))
    server.add(stream(RC(), RD(), DONE))
    play(narrow, Tracer())
    until(lambda: not server.open)
    play(narrow, Tracer())
    assert [connection.requests for connection in server.connections] == [1, 1]
