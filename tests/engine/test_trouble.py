"""A database in trouble: full, locked by another program, not to be written. Told clearly, and nothing half-written."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from assistream import ConfigurationError
from assistream.engine import Engine, Scripted, eventlog, leg, pauses, runner, says, store, waits_for
from tests.engine.conftest import Api, Json, names, path_of
from tests.wire import until

Connect = Callable[[Engine], Api]
BROKEN = (500, "The server had an error while processing your request.")


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY", 0.05)
    monkeypatch.setattr(eventlog, "AGAIN", 0.05)
    monkeypatch.setattr(runner, "AGAIN", 0.1)
    monkeypatch.setattr(leg, "RETRIES", (0.05,))


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Another program writes to the database, and takes its time."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def room(monkeypatch: pytest.MonkeyPatch, path: Path, pages: int) -> None:
    """The disk has room for so many pages beyond those of an empty database."""
    Engine(path).start().close()
    with closing(sqlite3.connect(path)) as database:
        used = database.execute("PRAGMA page_count").fetchone()[0]
    pragma(monkeypatch, f"max_page_count = {used + pages}")


def pragma(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(store, "_PRAGMAS", (*store._PRAGMAS, f"PRAGMA {text}"))


def said(text: str) -> Json:
    return {"role": "user", "content": text}


def post(api: Api, thread: Json, text: str) -> httpx.Response:
    return api.client.post(f"/threads/{thread['id']}/messages", json=said(text))


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    room(monkeypatch, path, 60)
    with Engine(path, model=Scripted(lambda request: "Hello")) as engine:
        api = connect(engine)
        thread, other = api.thread(), api.thread("Hello")
        accepted = 0
        while (
            answer := api.client.post(f"/threads/{thread['id']}/messages", json=said("x" * 9000))
        ).status_code == 200:
            accepted += 1
        error = {"message": BROKEN[1], "type": "server_error", "param": None, "code": None}
        assert (answer.status_code, answer.json()) == (500, {"error": error})
        messages = api.get(f"/threads/{thread['id']}/messages", limit=100)["data"]
        assert len(messages) == accepted > 0
        assistant = api.assistant(instructions="Short.")["id"]
        message = said("y" * 9000)
        body = {"assistant_id": assistant, "additional_messages": [message]}
        assert api.refused(f"/threads/{other['id']}/runs", body) == BROKEN
        assert len(api.get(f"/threads/{other['id']}/messages")["data"]) == 1
        assert api.get(f"/threads/{other['id']}/runs")["data"] == []
        api.delete(f"/threads/{thread['id']}")
        assert api.finished(api.run(other, assistant_id=assistant))["status"] == "completed"
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_disk_that_fills_during_a_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connect: Connect) -> None:
    path, go = tmp_path / "engine.db", threading.Event()
    room(monkeypatch, path, 200)
    with Engine(path, model=Scripted([waits_for(go) + says(["x" * 9000] * 50), "Again."])) as engine:
        api = connect(engine)
        ballast = api.thread()
        run = api.run()
        while post(api, ballast, "x" * 9000).status_code == 200:
            pass
        go.set()
        failed = api.finished(run)
        assert (failed["status"], failed["last_error"]["code"]) == ("failed", "server_error")
        assert names(api.follow(run))[-1] == "run.failed"
        api.delete(f"/threads/{ballast['id']}")
        again = api.run({"id": run["thread_id"]}, assistant_id=run["assistant_id"])
        assert api.finished(again)["status"] == "completed"


def test_locked_for_a_moment(tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY", 10.0)
    path, go = tmp_path / "engine.db", threading.Event()
    with Engine(path, model=Scripted([says(["a", "b"]) + waits_for(go) + says(["c", "d"])])) as engine:
        api = connect(engine)
        run = api.run()
        with locked(path):
            go.set()
        assert names(api.follow(run))[-1] == "run.completed"


def test_locked_for_long(tmp_path: Path, connect: Connect) -> None:
    path, go = tmp_path / "engine.db", threading.Event()
    with Engine(path, model=Scripted([says(["a"]) + waits_for(go) + says(["b"]), "Again."])) as engine:
        api = connect(engine)
        run = api.run()
        until(lambda: api.get(f"/threads/{run['thread_id']}/messages", run_id=run["id"])["data"])
        with locked(path):
            go.set()
            assert api.refused("/threads") == BROKEN
            with api.client.stream("GET", f"{path_of(run)}/stream") as response:
                told = response.read().decode()
            assert told.endswith("\n\nevent: done\ndata: [DONE]\n\n")
            assert told.split("event: ")[-2].startswith("error\n")
            assert '"b"' not in told
        failed = api.finished(run)
        assert (failed["status"], failed["last_error"]["code"]) == ("failed", "server_error")
        events = api.follow(run)
        assert names(events)[-3:] == ["message.incomplete", "run.step.failed", "run.failed"]
        assert [event.id for event in events] == [str(number + 1) for number in range(len(events))]
        [message] = api.get(f"/threads/{run['thread_id']}/messages", run_id=run["id"])["data"]
        assert message["incomplete_details"] == {"reason": "run_failed"}
        again = api.run({"id": run["thread_id"]}, assistant_id=run["assistant_id"])
        assert api.finished(again)["status"] == "completed"


def test_an_expiry_that_cannot_be_written_is_tried_again(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "engine.db"
    with Engine(path, model=Scripted([pauses(3600)]), run_ttl=1) as engine:
        api = connect(engine)
        run = api.run()
        with locked(path):
            with api.client.stream("GET", f"{path_of(run)}/stream") as response:
                response.read()
        until(lambda: api.get(path_of(run))["status"] in ("expired", "failed"))


def test_locked_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    Engine(path).start().close()
    with locked(path), pytest.raises(ConfigurationError, match=r"cannot use .*: database is locked"):
        Engine(path).start()
    Engine(path).start().close()


def test_read_only_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pragma(monkeypatch, "query_only = 1")
    with pytest.raises(ConfigurationError, match=r"cannot use .*: attempt to write a readonly database"):
        Engine(tmp_path / "engine.db").start()
