"""Legs read again from the log, in every state of their run."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistream.engine import Engine, Scripted, calls, pauses, rest, says, waits_for
from tests.engine.conftest import Api, Event, Json, ScriptedEngine, names, path_of
from tests.wire import until

Connect = Callable[[Engine], Api]


def two_legs(api: Api) -> tuple[Json, list[Event], list[Event]]:
    first = api.run_stream()
    return first[-1].data, first, api.submit(first[-1].data)


@pytest.fixture
def asking(scripted_engine: ScriptedEngine) -> Api:
    return scripted_engine(calls(get_weather={"city": "Oslo"}), says(["It ", "rains."]))


def test_a_leg_once_more_from_any_event(asking: Api) -> None:
    run, first, second = two_legs(asking)
    for leg, events in ((0, first), (int(first[-1].id), second)):
        assert asking.follow(run, leg=leg) == events
        assert asking.follow(run, last=str(leg), leg=leg) == events
        for number, event in enumerate(events, 1):
            assert asking.follow(run, last=event.id, leg=leg) == events[number:]


def test_the_latest_leg(asking: Api) -> None:
    first = asking.run_stream()
    run = first[-1].data
    assert asking.follow(run) == asking.follow(run, leg=0) == first
    second = asking.submit(run)
    assert asking.follow(run) == second


def test_what_is_in_no_leg(asking: Api) -> None:
    run, first, second = two_legs(asking)
    wait = first[-1].id
    path = f"{path_of(run)}/stream"
    for leg, last in (("0", second[0].id), (wait, first[0].id), ("0", "99"), (wait, second[-1].id + "0")):
        response = asking.client.get(path, params={"leg": leg}, headers={"Last-Event-ID": last})
        assert response.status_code == 404
        assert response.json()["error"]["message"] == f"No event {last} found in this leg of run '{run['id']}'."
    for leg in ("1", second[-1].id, str(2**53)):
        message = f"No leg {leg} found in run '{run['id']}'."
        assert asking.refused(f"{path}?leg={leg}", method="GET") == (404, message)


def test_a_leg_that_is_not_there_yet(asking: Api) -> None:
    first = asking.run_stream()
    refused = asking.refused(f"{path_of(first[-1].data)}/stream?leg={first[-1].id}", method="GET")
    assert refused[0] == 404


def test_a_second_reader_of_a_live_run(scripted_engine: ScriptedEngine) -> None:
    go = threading.Event()
    api = scripted_engine(says(["a", "b"]) + waits_for(go) + says(["c"]))
    run = api.run()
    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(api.follow, run) for _ in range(3)]
        until(lambda: api.get(f"/threads/{run['thread_id']}/messages", run_id=run["id"])["data"])
        late = pool.submit(api.follow, run, "3")
        go.set()
        first, *others = (reader.result() for reader in readers)
    assert names(first)[-1] == "run.completed"
    assert all(other == first for other in others)
    assert late.result() == first[3:]
    assert api.follow(run) == first


def test_a_reader_who_is_ahead_of_a_live_run(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf))
    run = api.run()
    until(lambda: api.get(path_of(run))["status"] == "in_progress")
    response = api.client.get(f"{path_of(run)}/stream", headers={"Last-Event-ID": "4"})
    assert response.status_code == 404


def test_a_silent_live_run_is_kept_alive(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(math.inf), keepalive=0.01)
    run = api.run()
    with api.client.stream("GET", f"{path_of(run)}/stream", headers={"Last-Event-ID": "1"}) as response:
        text = ""
        for piece in response.iter_text():
            text += piece
            if text.count(": ping\n\n") > 2:
                break
    assert text.startswith("id: 2\n")


def test_many_events(monkeypatch: pytest.MonkeyPatch, scripted_engine: ScriptedEngine) -> None:
    monkeypatch.setattr(rest, "_PAGE", 3)
    api = scripted_engine(says(["x"] * 20))
    events = api.run_stream()
    assert api.follow(events[-1].data) == events


def test_after_a_restart(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([calls(get_weather={})])) as engine:
        first = connect(engine).run_stream()
    run = first[-1].data
    with Engine(path, model=Scripted(["Sunny."])) as engine:
        api = connect(engine)
        assert api.follow(run) == first
        second = api.submit(run)
        assert api.follow(run) == second
        assert api.follow(run, leg=0) == first
        assert api.follow(run, last=second[0].id, leg=int(first[-1].id)) == second[1:]


def test_what_a_crash_ended_belongs_to_its_leg(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([says(["a"]) + pauses(math.inf)])) as engine:
        api = connect(engine)
        run = api.run()
        until(lambda: api.get(f"/threads/{run['thread_id']}/messages", run_id=run["id"])["data"])
        copied(path, tmp_path / "copy.db")
    with Engine(tmp_path / "copy.db") as engine:
        api = connect(engine)
        events = api.follow(run, leg=0)
        assert names(events)[-3:] == ["message.incomplete", "run.step.failed", "run.failed"]
        numbers = [int(event.id) for event in events]
        assert numbers == sorted(numbers)
        ours = [event for event in events if int(event.id) < 1000]
        assert api.follow(run, last=ours[-1].id) == events[len(ours) :]
        # Had the log lost its end: a number after it is none of what came instead.
        response = api.client.get(f"{path_of(run)}/stream", headers={"Last-Event-ID": str(int(ours[-1].id) + 1)})
        assert response.status_code == 404


def copied(path: Path, to: Path) -> None:
    """As if the machine had stopped now."""
    for suffix in ("", "-wal"):
        Path(f"{to}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())


def test_with_its_thread_a_run_is_forgotten(asking: Api) -> None:
    run, _, _ = two_legs(asking)
    asking.delete(f"/threads/{run['thread_id']}")
    assert asking.refused(f"{path_of(run)}/stream", method="GET")[0] == 404


def test_version_1(asking: Api) -> None:
    run, first, _ = two_legs(asking)
    again = asking.v1().follow(run, leg=0)
    assert [event.id for event in again] == [event.id for event in first]
    assert "parallel_tool_calls" not in again[0].data
