from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assistream.engine import Engine, Scripted, calls, says, waits_for
from assistream.engine.models import pauses
from assistream.engine.transfer import Tally, TransferError, load
from assistream.errors import ConfigurationError

from ..conftest import Api, names, path_of
from ..vector_stores.gate import Gate
from ..vector_stores.shelf import Shelf, settled
from .filled import all_of, exported, fill, fill_stores, model, view

CONTENTS = "step_details.tool_calls[*].file_search.results[*].content"
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
    statuses = [[file["status"] for file in one["files"]] for one in before["stores"]]
    assert statuses == [["completed"] * 3, ["failed", "completed"]]
    assert [len(one["read"]) for one in before["stores"]] == [3, 1]
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


def test_vector_stores_are_searched_and_their_batches_known_elsewhere(connect: Connect) -> None:
    with Engine() as one:
        shelf = Shelf(connect(one))
        texts = {"foods.txt": "Filip's favorite food is cake.", "cities.txt": "Oslo is the capital of Norway."}
        ids = list(shelf.put_all(texts).values())
        batch = shelf.api.post(f"{shelf.path}/file_batches", {"file_ids": ids})
        shelf.api.post(f"{shelf.path}/files/{ids[0]}", {"attributes": {"about": "food"}})
        data = exported(one)
        found = shelf.search("Which food?", filters={"type": "eq", "key": "about", "value": "food"})
        told = shelf.search("Where is Oslo?")
    with Engine() as other:
        other.load([data])
        shelf.api = connect(other)
        done = settled(shelf.api, f"{shelf.path}/file_batches/{batch['id']}")
        assert (done["status"], done["file_counts"]["completed"]) == ("completed", 2)
        assert [file["id"] for file in all_of(shelf.api, f"{shelf.path}/file_batches/{batch['id']}/files")] == ids[::-1]
        assert shelf.search("Which food?", filters={"type": "eq", "key": "about", "value": "food"}) == found
        assert shelf.search("Where is Oslo?") == told
    assert (found[0]["file_id"], told[0]["file_id"]) == (ids[0], ids[1])


def test_a_batch_that_was_cancelled_stays_so_and_one_in_progress_is_done(connect: Connect) -> None:
    gate = Gate()
    with Engine(embeddings=gate) as one:
        api = connect(one)
        shelf, other_shelf = Shelf(api), Shelf(api)
        ids = [api.upload(f"wait {number}".encode())["id"] for number in range(4)]
        batch = api.post(f"{shelf.path}/file_batches", {"file_ids": ids})
        assert gate.reached.wait(10)
        going = api.post(f"{other_shelf.path}/file_batches", {"file_ids": ids})
        cancelled = api.post(f"{shelf.path}/file_batches/{batch['id']}/cancel")
        data = exported(one)
    with Engine() as other:
        other.load([data])
        api = connect(other)
        done = settled(api, f"{other_shelf.path}/file_batches/{going['id']}")
        assert (done["status"], done["file_counts"]["completed"]) == ("completed", 4)
        assert api.get(f"{shelf.path}/file_batches/{batch['id']}") == cancelled
    assert (cancelled["status"], cancelled["file_counts"]["cancelled"]) == ("cancelled", 4)


def test_what_goes_into_a_file_is_indexed_by_the_next_engine(tmp_path: Path, connect: Connect) -> None:
    with Engine() as one:
        shelf = Shelf(connect(one))
        shelf.put("Words")
        data = exported(one)
    load(tmp_path / "b.db", [data])
    with Engine(tmp_path / "b.db") as other:
        shelf.api = connect(other)
        assert settled(shelf.api, shelf.path)["file_counts"]["completed"] == 1
        assert shelf.names("words") == ["a.txt"]


def test_stores_that_are_there_are_skipped_with_their_files_and_batches(connect: Connect) -> None:
    with Engine(open_files=True) as one:
        api = connect(one)
        fill_stores(api)
        data, before = exported(one), view(api)
        there, gone = before["stores"]
        api.delete(f"/vector_stores/{gone['store']['id']}")
        out = there["files"][0]["id"]
        api.delete(f"/files/{out}")
        with pytest.raises(TransferError, match=r"Of the files these are there already: file-\w+, "):
            one.load([data])
        tally = one.load([data], skip_existing=True)
        after = view(api)
    assert after["files"] == before["files"]
    assert after["stores"][1] == before["stores"][1]
    assert out not in [file["id"] for file in after["stores"][0]["files"]]
    came = {name: count for name, count in tally.imported.items() if name.startswith("vector")}
    assert came == {
        "vector_stores": 1,
        "vector_store_files": 2,
        "vector_store_batches": 0,
        "vector_store_batched": 0,
    }
    assert (tally.skipped["vector_store_batches"], tally.skipped["vector_store_batched"]) == (1, 3)
    assert (tally.imported["files"], tally.imported["pieces"]) == (1, 1)


def test_later_runs_are_told_elsewhere_what_was_found(connect: Connect) -> None:
    with Engine(model=Scripted([calls(file_search={"queries": ["cake"]}), "Cake【0:0†a.txt】."])) as one:
        api = connect(one)
        shelf = Shelf(api)
        file = shelf.put("Filip's favorite food is cake.")
        resources = {"file_search": {"vector_store_ids": [shelf.id]}}
        assistant = api.assistant(tools=[{"type": "file_search"}], tool_resources=resources)
        path = f"/threads/{api.thread('Which food?')['id']}/runs?include[]={CONTENTS}"
        run = api.finished(api.post(path, {"assistant_id": assistant["id"]}))
        data, before = exported(one), view(api)
    later = Scripted(["As I said, cake【0:0†a.txt】."])
    with Engine(model=later) as other:
        other.load([data])
        api = connect(other)
        assert view(api) == before
        path = f"{path_of(run)}/steps"
        [searched] = [one for one in api.get(path, **{"include[]": CONTENTS})["data"] if one["type"] == "tool_calls"]
        api.run_stream({"id": run["thread_id"]}, assistant_id=assistant["id"])
        message = all_of(api, f"/threads/{run['thread_id']}/messages")[0]
    result = searched["step_details"]["tool_calls"][0]["file_search"]["results"][0]
    assert result["content"] == [{"type": "text", "text": "Filip's favorite food is cake."}]
    [told, *_] = [said.text for said in later.requests[0].messages if said.role == "tool"]
    assert "Filip's favorite food is cake." in told
    [annotation] = message["content"][0]["text"]["annotations"]
    assert annotation["file_citation"] == {"file_id": file["id"]}
    assert data.count(b'"behind":{') == 1
    assert data.count(b'"included":true') == 3  # the run and its steps


def test_the_times_of_events_come_along(connect: Connect) -> None:
    with Engine(model=model()) as one, Engine() as other:
        fill(connect(one))
        data = exported(one)
        other.load([data])
        events = [json.loads(line) for line in lines(exported(other)) if b'"table":"events"' in line]
    assert events == [json.loads(line) for line in lines(data) if b'"table":"events"' in line]
    assert all(event["at"] > 1_700_000_000_000 for event in events)


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
