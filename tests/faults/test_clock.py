"""The clock of the machine is set back, or forward, while the engine and the client are at work."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistream import Client, WaitTimeoutError
from assistream.engine import Engine, ModelRequest, Scripted, calls
from assistream.engine.models import Turn

from ..wire import Step, Wire, answer

HOUR = 3600
FILE: dict[str, object] = {"id": "file_1", "object": "file", "status": "uploaded"}


class Clock:
    """The wall clock of this process, which a test can set; what measures durations goes on as ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0
        seconds, nanoseconds = time.time, time.time_ns
        monkeypatch.setattr(time, "time", lambda: seconds() + self.ahead)
        monkeypatch.setattr(time, "time_ns", lambda: nanoseconds() + self.ahead * 1_000_000_000)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def model(request: ModelRequest) -> Turn | str:
    return calls(f={}) if request.messages[-1].role == "user" else "done"


def engine(path: Path | str = ":memory:", ttl: float = 600) -> Engine:
    return Engine(path, model=Scripted(model), run_ttl=ttl)


def client_of(engine: Engine) -> Client:
    return Client(base_url=engine.base_url, api_key="test")


def waiting_run(client: Client) -> tuple[str, str]:
    function: dict[str, object] = {"type": "function", "function": {"name": "f"}}
    assistant = client.beta.assistants.create(model="any", instructions="Help.", tools=[function])  # type: ignore[list-item] # as read from JSON
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
    run = client.beta.threads.runs.create_and_poll(thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=5)
    assert run.status == "requires_action"
    return thread.id, run.id


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
def test_a_run_expires_in_its_time(clock: Clock, jump: int) -> None:
    with engine(ttl=1.0) as running, client_of(running) as client:
        thread, run = waiting_run(client)
        clock.ahead = jump
        found = client.beta.threads.runs.retrieve(run, thread_id=thread)
        while found.status != "expired":
            assert found.status in ("requires_action", "expired")
            time.sleep(0.02)
            found = client.beta.threads.runs.retrieve(run, thread_id=thread)
        client.beta.threads.messages.create(thread, role="user", content="The thread is free")


def test_a_run_that_waits_goes_on_when_the_clock_is_set_back(clock: Clock) -> None:
    with engine() as running, client_of(running) as client:
        thread, run = waiting_run(client)
        clock.ahead = -HOUR
        made = client.beta.threads.runs.retrieve(run, thread_id=thread).required_action
        assert made
        id = made.submit_tool_outputs.tool_calls[0].id
        done = client.beta.threads.runs.submit_tool_outputs_and_poll(
            run, thread_id=thread, tool_outputs=[{"tool_call_id": id, "output": "42"}], poll_interval_ms=5
        )
        assert done.status == "completed"


def test_a_run_whose_time_the_clock_has_passed_is_expired(clock: Clock) -> None:
    """`expires_at` is a time of day: an hour ahead, it is over, as after an hour in which the machine slept."""
    with engine() as running, client_of(running) as client:
        thread, run = waiting_run(client)
        clock.ahead = HOUR
        assert client.beta.threads.runs.retrieve(run, thread_id=thread).status == "expired"
        client.beta.threads.messages.create(thread, role="user", content="The thread is free")


def test_lists_stay_in_the_order_of_creation(clock: Clock, tmp_path: Path) -> None:
    """Also with the next engine, which cannot know that the clock was set back in between."""
    path = tmp_path / "engine.db"
    with engine(path) as running, client_of(running) as client:
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "1"}]).id
        clock.ahead = -HOUR
        client.beta.threads.messages.create(thread, role="user", content="2")
    with engine(path) as running, client_of(running) as client:
        client.beta.threads.messages.create(thread, role="user", content="3")
        clock.ahead = HOUR
        client.beta.threads.messages.create(thread, role="user", content="4")
        listed = client.beta.threads.messages.list(thread, order="asc").data
        assert [message.content[0].text.value for message in listed] == ["1", "2", "3", "4"]  # type: ignore[union-attr] # texts
        later = client.beta.threads.messages.list(thread, order="asc", after=listed[1].id).data
        assert [message.id for message in later] == [message.id for message in listed[2:]]


def sets(clock: Clock, ahead: int) -> Step:
    """A step of a script: something sets the clock."""

    def step(_: object) -> None:
        clock.ahead = ahead

    return step


def test_a_clock_that_is_set_forward_ends_no_wait_of_the_client(clock: Clock) -> None:
    with Wire() as server, Client(base_url=server.url, api_key="test") as client:
        server.add(sets(clock, HOUR), answer(FILE), times=3)
        server.add(answer(FILE | {"status": "processed"}))
        found = client.files.wait_for_processing("file_1", poll_interval=0.01, max_wait_seconds=60)
        assert found.status == "processed"


def test_a_clock_that_is_set_back_makes_no_wait_of_the_client_longer(clock: Clock) -> None:
    with Wire() as server, Client(base_url=server.url, api_key="test") as client:
        server.add(sets(clock, -HOUR), answer(FILE), times=1000)
        with pytest.raises(WaitTimeoutError):
            client.files.wait_for_processing("file_1", poll_interval=0.02, max_wait_seconds=0.2)
