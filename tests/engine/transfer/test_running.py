from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistream.engine import Engine, Scripted, says, waits_for
from assistream.engine.models import pauses
from assistream.engine.transfer import Tally, TransferError
from assistream.errors import ConfigurationError

from ..conftest import Api, names, path_of
from .filled import all_of, exported, fill, model, view

Connect = Callable[[Engine], Api]


def lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


@pytest.mark.parametrize("where", ["memory", "file"])
def test_what_was_exported_is_the_same_in_another_engine(where: str, tmp_path: Path, connect: Connect) -> None:
    def place(name: str) -> Path | str:
        return ":memory:" if where == "memory" else tmp_path / name

    with Engine(place("a.db"), model=model(), open_files=True) as one:
        fill(connect(one))
        data, before = exported(one), view(connect(one))
    with Engine(place("b.db"), model=model(), open_files=True) as other:
        tally = other.load([data])
        assert view(connect(other)) == before
        assert lines(exported(other))[1:] == lines(data)[1:]
    assert len(before["runs"]) == 4
    assert sum(tally.imported.values()) == len(lines(data)) - 1
    assert not tally.skipped


def test_a_run_that_waited_is_answered_elsewhere(connect: Connect) -> None:
    with Engine(model=model()) as one:
        fill(connect(one))
        data = exported(one)
    with Engine(model=model()) as other:
        other.load([data])
        api = connect(other)
        (run,) = [run for run in view(api)["runs"] if run["status"] == "requires_action"]
        events = api.submit(run, "sunny")
        assert events[-1].name == "thread.run.completed"
        (message, *_) = all_of(api, f"/threads/{run['thread_id']}/messages")
        assert message["content"][0]["text"]["value"] == "It is sunny."
        # As after a restart: a client of the first engine may know other events by the next numbers.
        assert int(events[0].id) > 1_000_000


def test_what_was_in_progress_has_failed_elsewhere(connect: Connect) -> None:
    go_on = threading.Event()
    with Engine(model=Scripted([says(["Half ", "of it"]) + waits_for(go_on) + says(" and more")])) as one:
        api = connect(one)
        run = api.run(api.thread("Hello"))
        with api.client.stream("GET", f"{path_of(run)}/stream", headers={"OpenAI-Beta": "assistants=v2"}) as stream:
            for line in stream.iter_lines():
                if "of it" in line:
                    break
        data = exported(one)
        go_on.set()
        assert api.finished(run)["status"] == "completed"
    with Engine() as other:
        other.load([data])
        api = connect(other)
        ended = api.finished(run)
        assert (ended["status"], ended["last_error"]["code"]) == ("failed", "server_error")
        message, _ = all_of(api, f"/threads/{run['thread_id']}/messages")
        assert message["content"][0]["text"]["value"] == "Half of it"
        assert names(api.follow(run))[-1] == "run.failed"
        assert (
            api.run_stream({"id": run["thread_id"]}, assistant_id=run["assistant_id"])[-1].data["status"] == "completed"
        )


def test_runs_that_were_queued_begin_elsewhere_in_their_order(connect: Connect) -> None:
    go_on = threading.Event()
    with Engine(model=Scripted([waits_for(go_on) + says("first")]), busy="queue") as one:
        api = connect(one)
        thread = api.thread("Hello")
        assistant = api.assistant()
        runs = [api.run(thread, assistant_id=assistant["id"]) for _ in range(3)]
        while api.get(path_of(runs[0]))["status"] == "queued":
            pass
        data = exported(one)
        go_on.set()
    with Engine(model=Scripted(["second", "third"]), busy="queue") as other:
        other.load([data])
        api = connect(other)
        assert [api.finished(run)["status"] for run in runs] == ["failed", "completed", "completed"]
        said = [message["content"] for message in all_of(api, f"/threads/{thread['id']}/messages")]
        assert [content[0]["text"]["value"] for content in said] == ["third", "second", "Hello"]


def test_a_run_whose_time_is_over_expires_elsewhere(connect: Connect) -> None:
    with Engine(model=model(), run_ttl=1) as one:
        api = connect(one)
        run = api.run_stream(api.thread("The weather?"))[-1].data
        data = exported(one)
    late = data.replace(b'"expires_at":%d' % run["expires_at"], b'"expires_at":%d' % (run["expires_at"] - 100))
    with Engine() as other:
        other.load([late])
        assert connect(other).finished(run)["status"] == "expired"


def test_runs_go_on_while_others_come(connect: Connect) -> None:
    with Engine(model=model()) as one:
        fill(connect(one))
        data = exported(one)
    go_on = threading.Event()
    with Engine(model=Scripted([waits_for(go_on) + says("done"), "more"])) as other:
        api = connect(other)
        run = api.run()
        other.load([data])
        assert api.get(path_of(run))["status"] in ("queued", "in_progress")
        go_on.set()
        assert api.finished(run)["status"] == "completed"


def test_what_is_there_is_refused_and_nothing_changes(connect: Connect) -> None:
    with Engine(model=model(), open_files=True) as one:
        api = connect(one)
        fill(api)
        data = exported(one)
        api.thread("One more")
        before = view(api)
        with pytest.raises(
            TransferError, match=r"Of the assistants these are there already: asst_\w+, asst_\w+\. Noth"
        ):
            one.load([data])
        assert view(api) == before


def test_what_is_there_is_skipped_with_all_that_belongs_to_it(connect: Connect) -> None:
    with Engine(model=model(), open_files=True) as one:
        api = connect(one)
        fill(api)
        data, before = exported(one), view(api)
        thread = before["threads"][1]["id"]
        api.delete(f"/threads/{thread}")
        api.post(f"/threads/{before['threads'][2]['id']}/messages", {"role": "user", "content": "Later"})
        tally = one.load([data], skip_existing=True)
        after = view(api)
    assert (tally.imported["threads"], tally.imported["assistants"], tally.skipped["threads"]) == (1, 0, 3)
    assert tally.imported["runs"] == 1
    assert tally.imported["events"] == data.count(b'"table":"events","run_id":"%s"' % before["runs"][1]["id"].encode())
    assert after["threads"] == before["threads"]
    assert after["messages"][1] == before["messages"][1]
    assert after["messages"][2][0]["content"][0]["text"]["value"] == "Later"
    assert after["events"] == before["events"]


def test_one_line_that_is_broken_and_nothing_is_imported(connect: Connect) -> None:
    with Engine(model=model()) as one:
        fill(connect(one))
        data = lines(exported(one))
    data[7] = data[7].replace(b'"moment":', b'"moment":-')
    with Engine(open_files=True) as other:
        api = connect(other)
        api.assistant()
        before = view(api)
        with pytest.raises(TransferError, match=r"Line 8: its moment is out of range\. Nothing was imported\."):
            other.load([b"".join(data)])
        assert view(api) == before


@pytest.mark.parametrize("where", ["memory", "file"])
def test_backup_while_runs_go_on(where: str, tmp_path: Path, connect: Connect) -> None:
    over = threading.Event()
    talk = [says(["word "] * 5) + pauses(0.001) for _ in range(400)]
    with Engine(":memory:" if where == "memory" else tmp_path / "a.db", model=Scripted(talk)) as one:
        api = connect(one)
        busy = connect(one)
        assistant = api.assistant()

        def work() -> None:
            while not over.is_set():
                busy.run_stream(busy.thread("Hello"), assistant_id=assistant["id"])

        worker = threading.Thread(target=work)
        worker.start()
        told: list[tuple[int, int]] = []
        for number in range(3):
            while len(all_of(api, "/threads")) < 3 * number + 3:
                pass
            one.backup(tmp_path / f"{number}.copy", lambda done, total: told.append((done, total)))
        over.set()
        worker.join()
        assert (told[-1][0], len(told) >= 3) == (told[-1][1], True)
    for number in range(3):
        copy = tmp_path / f"{number}.copy"
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with Engine(copy) as restored:
            api = connect(restored)
            runs = [run for thread in all_of(api, "/threads") for run in all_of(api, f"/threads/{thread['id']}/runs")]
            assert len(runs) >= 3 * number + 2
            assert {run["status"] for run in runs} <= {"completed", "failed"}
            assert [run["status"] for run in runs].count("failed") <= 1
            assert api.run_stream()[-1].data["status"] == "completed"
    assert {path.suffix for path in tmp_path.iterdir()} <= {".copy", ".db", ".lock"}


def test_an_engine_that_does_not_run() -> None:
    engine = Engine()
    for use in (lambda: engine.backup("x"), lambda: engine.load([]), lambda: engine.export("x")):
        with pytest.raises(ConfigurationError, match="not running"):
            use()


def test_nothing_is_nothing(connect: Connect) -> None:
    with Engine() as one, Engine() as other:
        tally = other.load([exported(one)])
    assert tally == Tally(dict.fromkeys(tally.imported, 0))
