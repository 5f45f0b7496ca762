"""Webhooks as their receivers see them: requests of a real engine."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from assistream.engine import Engine, Scripted, Webhook, calls, fails, says
from assistream.engine.store import StoreError
from assistream.engine.webhooks import EVENTS, outbox, sending
from tests.engine.conftest import BETA, Api, ScriptedEngine, path_of
from tests.wire import until

from .receiver import SECRET, Receiver, receiving

CRASHING = """
import sys
from assistream import Client
from assistream.engine import Webhook

with Client.embedded(sys.argv[1], webhooks=[Webhook(sys.argv[2], sys.argv[3], pauses=[0.2] * 300)]) as client:
    assistant = client.beta.assistants.create(model="any", instructions="Help.")
    for _ in range(5):
        print(client.beta.threads.create_and_run_poll(assistant_id=assistant.id).id, flush=True)
    sys.stdin.read()
"""
QUICK = (0.01, 0.01, 0.01)


def hook(receiver: Receiver, **options: Any) -> Webhook:
    given: dict[str, Any] = {"pauses": QUICK, **options}
    return Webhook(receiver.url, SECRET, **given)


def types(receiver: Receiver, count: int) -> list[str]:
    return [str(event["type"]).removeprefix("thread.run.") for event in receiver.wait(count)]


def test_what_is_told(scripted_engine: ScriptedEngine) -> None:
    with receiving() as receiver:
        api = scripted_engine(says("Hello", usage=(3, 4)), webhooks=[hook(receiver)])
        run = api.run_stream(metadata={"order": "17"})[-1].data
        [event] = receiver.wait(1)
        api.client.close()
    [(headers, _)] = receiver.requests
    assert event["id"] == headers["webhook-id"]
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("assistream/")
    assert (event["object"], event["type"]) == ("event", "thread.run.completed")
    told = event["data"]
    assert told == {name: run[name] for name in told}
    assert (told["metadata"], told["usage"]["total_tokens"]) == ({"order": "17"}, 7)
    assert "instructions" not in told


def test_all_that_happens_in_its_order(scripted_engine: ScriptedEngine) -> None:
    with receiving() as receiver:
        api = scripted_engine(calls(get_weather={}), says("Rain."), webhooks=[hook(receiver, events=EVENTS)])
        api.submit(api.waiting_run())
        expected = ["created", "queued", "in_progress", "requires_action", "queued", "in_progress", "completed"]
        assert types(receiver, 7) == expected


def test_a_receiver_that_fails_is_told_again_and_the_order_stays(scripted_engine: ScriptedEngine) -> None:
    with receiving(500, 302, 429, 204) as receiver:
        receiver.headers = {"location": "/elsewhere", "retry-after": "0"}
        events = ("thread.run.queued", "thread.run.completed")
        api = scripted_engine("Hello", webhooks=[hook(receiver, events=events)])
        api.run_stream()
        assert types(receiver, 5) == ["queued"] * 4 + ["completed"]
    ids = [headers["webhook-id"] for headers, _ in receiver.requests]
    assert len(set(ids)) == 2


def test_an_answer_that_does_not_end_is_an_answer(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its status says that the event was taken: it is not sent again, and the next one comes."""
    monkeypatch.setattr(sending, "REST", 0.05)
    with receiving(200) as receiver:
        receiver.promised = 5
        events = ("thread.run.queued", "thread.run.completed")
        api = scripted_engine("Hello", webhooks=[hook(receiver, events=events, timeout=0.5)])
        api.run_stream()
        assert types(receiver, 2) == ["queued", "completed"]
        api.client.close()


def test_a_receiver_that_never_takes_it_is_given_up(
    scripted_engine: ScriptedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(500, 500, 500, 500, 204) as receiver:
        events = ("thread.run.queued", "thread.run.completed")
        api = scripted_engine("Hello", webhooks=[hook(receiver, events=events)])
        api.run_stream()
        assert types(receiver, 5) == ["queued"] * 4 + ["completed"]
    [dropped] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "(500) in 4 attempts, and is dropped" in dropped.getMessage()
    assert "/hook" not in caplog.text


def test_who_is_gone_is_not_asked_again(scripted_engine: ScriptedEngine) -> None:
    with receiving(410, 204) as receiver:
        api = scripted_engine("Hello", webhooks=[hook(receiver, events=("thread.run.queued", "thread.run.completed"))])
        api.run_stream()
        assert types(receiver, 2) == ["queued", "completed"]


def test_one_that_is_not_there_holds_up_nobody(
    scripted_engine: ScriptedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, receiving() as receiver:
        silent = Webhook(f"http://127.0.0.1:{taken.getsockname()[1]}/", SECRET, timeout=0.05, pauses=())
        api = scripted_engine("Hello", webhooks=[silent, hook(receiver)])
        api.run_stream()
        receiver.wait(1)
        while "is dropped" not in caplog.text:
            pass
    assert "(no answer in time)" in caplog.text


def test_a_slow_one_holds_up_neither_runs_nor_others(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    with receiving(go_on, 204) as slow, receiving() as receiver:
        api = scripted_engine(model=Scripted(lambda request: "Hello"), webhooks=[hook(slow), hook(receiver)])
        first, *others = [api.run_stream()[-1].data["id"] for _ in range(3)]
        assert {event["data"]["id"] for event in receiver.wait(3)} == {first, *others}
        assert {event["data"]["id"] for event in slow.wait(3)} == {first, *others}
        go_on.set()


def test_never_more_than_so_many_at_once(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    count = sending.AT_ONCE + 3
    with receiving(*[go_on] * count) as receiver:
        api = scripted_engine(model=Scripted(lambda request: "Hello"), webhooks=[hook(receiver)])
        ids = [api.run_stream()[-1].data["id"] for _ in range(count)]
        receiver.wait(sending.AT_ONCE)
        metrics = api.client.get(api.client.base_url.copy_with(path="/metrics")).text
        assert f"assistream_webhooks_waiting {count}.0\n" in metrics
        assert len(receiver.requests) == sending.AT_ONCE
        go_on.set()
        assert {event["data"]["id"] for event in receiver.wait(count)} == set(ids)


def test_what_was_not_told_is_told_by_the_next_engine(tmp_path: Path) -> None:
    """One engine fails, another has no webhooks, and the third tells."""
    path = tmp_path / "a.db"
    with receiving(500, 204) as receiver:
        patient = hook(receiver, pauses=[0.5])
        with Engine(path, model=Scripted([fails()]), webhooks=[patient]) as engine:
            run = _run(engine)
            receiver.wait(1)
        with Engine(path):
            pass
        with Engine(path, webhooks=[patient]):
            first, second = receiver.wait(2)
    assert first == second
    assert (first["data"]["id"], first["type"]) == (run, "thread.run.failed")


def test_a_crash_loses_nothing(tmp_path: Path) -> None:
    with receiving(500) as receiver:
        command = [sys.executable, "-c", CRASHING, str(tmp_path / "a.db"), receiver.url, SECRET]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
            assert process.stdout
            ids = {process.stdout.readline().strip() for _ in range(5)}
            process.kill()
        known = len(receiver.requests)
        receiver._last = 204
        with Engine(tmp_path / "a.db", webhooks=[hook(receiver)]):
            # Not five more: what the killed process had sent may still come.
            until(lambda: {event["data"]["id"] for event in receiver.events[known:]} == ids)


def test_an_engine_that_closes_tells_what_is_new(scripted_engine: ScriptedEngine) -> None:
    with receiving() as receiver:
        with Engine(model=Scripted(["Hello"] * 20), webhooks=[hook(receiver)]) as engine:
            ids = [_run(engine) for _ in range(20)]
        assert {event["data"]["id"] for event in receiver.events} == set(ids)


def test_an_engine_that_closes_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.webhooks.courier.GRACE", 0.1)
    go_on = threading.Event()
    with receiving(go_on) as receiver:
        with Engine(model=Scripted(["Hello"]), webhooks=[hook(receiver)]) as engine:
            _run(engine)
            receiver.wait(1)
        go_on.set()


def test_when_nothing_can_be_written_it_is_not_sent_again_and_again(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, broken = outbox.finish, [OperationalError("", {}, Exception("full"))] * 3

    async def failing(*arguments: Any) -> None:
        if broken:
            raise StoreError(str(broken.pop()))
        await finish(*arguments)

    monkeypatch.setattr(outbox, "finish", failing)
    monkeypatch.setattr(sending, "AGAIN", 0.01)
    with receiving() as receiver:
        api = scripted_engine("Hello", "Hello", webhooks=[hook(receiver)])
        first, second = api.run_stream()[-1].data["id"], api.run_stream()[-1].data["id"]
        assert {event["data"]["id"] for event in receiver.wait(2)} == {first, second}
        metrics = api.client.base_url.copy_with(path="/metrics")
        while "assistream_webhooks_waiting 0.0\n" not in api.client.get(metrics).text:
            pass
    assert len(receiver.requests) == 2


def test_a_cancelled_run_is_told(scripted_engine: ScriptedEngine) -> None:
    with receiving() as receiver:
        api = scripted_engine(calls(get_weather={}), webhooks=[hook(receiver)])
        api.post(f"{path_of(api.waiting_run())}/cancel")
        assert types(receiver, 2) == ["requires_action", "cancelled"]


def _run(engine: Engine) -> str:
    """The id of a run that is over."""
    with httpx.Client(base_url=engine.base_url, headers=BETA) as client:
        return str(Api(client).run_stream()[-1].data["id"])


def test_a_bug_is_not_repeated_at_once(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: object, **keywords: object) -> None:
        raise ZeroDivisionError

    with receiving() as receiver:
        monkeypatch.setattr(httpx.AsyncClient, "stream", broken)
        api = scripted_engine("Hello", webhooks=[hook(receiver)])
        api.run_stream()
        while "is dropped" not in caplog.text:
            pass
    assert caplog.text.count("was not taken by") == len(QUICK) + 1
    assert "(ZeroDivisionError)" in caplog.text
