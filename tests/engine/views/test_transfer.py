from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import httpx
import pytest

from assistream.engine import Engine, Scripted, waits_for
from assistream.engine.keys import KeyFile
from assistream.engine.transfer import export

from ..conftest import Api, path_of
from ..transfer.filled import exported, fill, model, view

Connect = Callable[[Engine], Api]


def address(api: Api, what: str) -> httpx.URL:
    return api.client.base_url.copy_with(path=f"/admin/{what}")


def lines(data: bytes) -> list[bytes]:
    return data.splitlines()[1:]


@pytest.mark.parametrize("where", ["memory", "file"])
def test_out_of_one_engine_into_another(where: str, tmp_path: Path, connect: Connect) -> None:
    with Engine(tmp_path / "a.db" if where == "file" else ":memory:", model=model()) as one, Engine() as other:
        api = connect(one)
        fill(api)
        answer = api.client.get(address(api, "export"))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/jsonl")
        assert lines(answer.content) == lines(exported(one))
        there = connect(other)
        done = there.client.post(address(there, "import"), content=iter([answer.content[:5000], answer.content[5000:]]))
        assert done.status_code == 200
        assert done.json()["imported"]["threads"] == 4
        assert view(there) == view(api)


def test_a_client_that_leaves_in_the_middle(tmp_path: Path, connect: Connect) -> None:
    """Nothing stays open: the test would be told."""
    with Engine(tmp_path / "a.db") as engine:
        api = connect(engine)
        api.upload(bytes(20_000_000))
        for _ in range(3):
            with api.client.stream("GET", address(api, "export")) as answer:
                next(answer.iter_raw())
        assert len(exported(engine)) > 20_000_000
        api.thread()


def test_what_cannot_be_imported(connect: Connect) -> None:
    with Engine(model=model()) as engine:
        api = connect(engine)
        fill(api)
        data, before = exported(engine), view(api)
        for content, query, says in [
            (b"Hello", {}, "Line 1: this is no export"),
            (data[:-100], {}, "Line "),
            (data, {}, "Of the assistants these are there already"),
            (data, {"existing": "replace"}, "Invalid value: 'replace'. Supported values are: 'refuse' and 'skip'."),
        ]:
            answer = api.client.post(address(api, "import"), content=content, params=query)
            assert answer.status_code == 400
            assert answer.json()["error"]["message"].startswith(says)
        assert view(api) == before


def test_what_is_there_is_skipped(connect: Connect) -> None:
    with Engine(model=model()) as engine:
        api = connect(engine)
        fill(api)
        data, before = exported(engine), view(api)
        # A request with a key is read before it is served.
        headers = {"Idempotency-Key": "1"}
        answers = [
            api.client.post(address(api, "import"), content=data, params={"existing": "skip"}, headers=headers)
            for _ in range(2)
        ]
        assert [answer.json()["skipped"]["threads"] for answer in answers] == [4, 4]
        assert view(api) == before


def test_nobody_without_the_key(connect: Connect) -> None:
    with Engine(api_key="secret") as engine:
        api = connect(engine)
        for method, what in (("GET", "export"), ("POST", "import")):
            answer = api.client.request(method, address(api, what))
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")
            api.client.headers["authorization"] = "Bearer secret"
            assert api.client.request("DELETE", address(api, what)).status_code == 405
            del api.client.headers["authorization"]
        api.client.headers["authorization"] = "Bearer secret"
        assert api.client.get(address(api, "export")).status_code == 200


def test_no_page_of_a_browser(connect: Connect) -> None:
    with Engine() as engine:
        api = connect(engine)
        assert api.client.get(address(api, "export"), headers={"origin": "http://evil.test"}).status_code == 403
        answer = api.client.post(address(api, "import"), headers={"host": "evil.test"}, content=b"")
        assert answer.status_code == 403


def test_an_export_begins_with_what_was_there_then(tmp_path: Path, connect: Connect) -> None:
    with Engine(tmp_path / "a.db", model=Scripted(lambda request: "Hello")) as engine:
        api, other = connect(engine), connect(engine)
        api.upload(bytes(3_000_000))
        with api.client.stream("GET", address(api, "export")) as answer:
            pieces = answer.iter_raw()
            first = next(pieces)
            other.run_stream()
            data = first + b"".join(pieces)
        assert b'"threads":0' in data
        assert b'"table":"threads"' not in data
        assert export(tmp_path / "a.db", tmp_path / "a.jsonl")["threads"] == 1


def test_projects_stay_apart_and_their_keys_open_nothing(tmp_path: Path, connect: Connect) -> None:
    keys = {name: KeyFile(tmp_path / "a.db").create(name, project=name)[1] for name in ("red", "blue")}
    KeyFile(tmp_path / "b.db").create("blue", project="blue")
    with Engine(tmp_path / "a.db", model=model(), api_key="ours") as one:
        clients = {name: connect(one) for name in keys}
        for name, api in clients.items():
            api.client.headers["authorization"] = f"Bearer {keys[name]}"
            fill(api)
            for method, what in (("GET", "export"), ("POST", "import")):
                answer = api.client.request(method, address(api, what))
                assert (answer.status_code, answer.json()["error"]["code"]) == (403, "insufficient_permissions")
        admin = connect(one)
        admin.client.headers["authorization"] = "Bearer ours"
        data = admin.client.get(address(admin, "export")).content
        before = {name: view(api) for name, api in clients.items()}
    assert b"digest" not in data
    with Engine(tmp_path / "b.db", model=model(), api_key="theirs") as other:
        admin = connect(other)
        admin.client.headers["authorization"] = "Bearer theirs"
        assert admin.client.post(address(admin, "import"), content=data).json()["imported"]["threads"] == 8
        assert view(admin)["threads"] == []
    red = KeyFile(tmp_path / "b.db").create("red", project="red")[1]
    with Engine(tmp_path / "b.db", model=model()) as other:
        api = connect(other)
        api.client.headers["authorization"] = f"Bearer {red}"
        assert view(api) == before["red"]
        (run,) = [run for run in before["red"]["runs"] if run["status"] == "requires_action"]
        assert api.submit(run)[-1].name == "thread.run.completed"
        assert api.client.get(address(api, "export")).status_code == 403


def test_runs_of_several_projects_go_on_after_an_import(tmp_path: Path, connect: Connect) -> None:
    key = KeyFile(tmp_path / "a.db").create("red", project="red")[1]
    go_on = Event()
    with Engine(tmp_path / "a.db", model=Scripted([waits_for(go_on)]), api_key="ours") as one:
        api = connect(one)
        api.client.headers["authorization"] = f"Bearer {key}"
        run = api.run()
        while api.get(path_of(run))["status"] == "queued":
            pass
        data = exported(one)
        go_on.set()
    red = KeyFile(tmp_path / "b.db").create("red", project="red")[1]
    with Engine(tmp_path / "b.db", api_key="theirs") as other:
        admin, api = connect(other), connect(other)
        admin.client.headers["authorization"], api.client.headers["authorization"] = "Bearer theirs", f"Bearer {red}"
        assert admin.client.post(address(admin, "import"), content=data).status_code == 200
        assert api.finished(run)["status"] == "failed"
