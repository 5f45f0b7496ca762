from __future__ import annotations

import threading
from collections.abc import Callable

import httpx
import pytest

from assistream._version import __version__
from assistream.engine import Engine, ModelRequest, Scripted, says, waits_for
from assistream.engine.eventlog import EventLog
from assistream.engine.models import Turn
from assistream.engine.observing.health import Probe
from tests.engine.conftest import Api, ScriptedEngine


def beside(api: Api, path: str, **headers: str) -> httpx.Response:
    return api.client.get(api.client.base_url.copy_with(path=path), headers=headers)


def test_an_engine_that_is_well(api: Api) -> None:
    answer = beside(api, "/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": __version__, "database": "ok"})
    assert answer.headers["cache-control"] == "no-store"
    assert api.client.head(api.client.base_url.copy_with(path="/health")).status_code == 200
    assert api.client.post(api.client.base_url.copy_with(path="/health")).status_code == 405


def test_a_database_in_trouble(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EventLog, "in_trouble", property(lambda log: True))
    answer = beside(api, "/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert answer.json()["database"] == "not writable"

    async def unreachable(probe: Probe) -> bool:
        return False

    monkeypatch.setattr(Probe, "reaches", unreachable)
    assert beside(api, "/health").json()["database"] == "unreachable"


def test_an_engine_that_closes() -> None:
    go_on, began = threading.Event(), threading.Event()

    def slow(request: ModelRequest) -> Turn:
        began.set()
        return waits_for(go_on) + says("Hi")

    engine = Engine(model=Scripted(slow), drain=30).start()
    with httpx.Client(base_url=engine.base_url, headers={"OpenAI-Beta": "assistants=v2"}) as client:
        api = Api(client)
        api.run()
        began.wait()
        closing = threading.Thread(target=engine.close)
        closing.start()
        while (answer := beside(api, "/health")).status_code == 200:
            pass
        assert (answer.status_code, answer.json()["status"]) == (503, "closing")
        go_on.set()
        closing.join()


def test_who_may_see_it(connect: Callable[[Engine], Api]) -> None:
    with Engine(api_key="key") as engine:
        api = connect(engine)
        assert [beside(api, path).status_code for path in ("/health", "/docs", "/metrics")] == [200, 200, 401]
        assert beside(api, "/metrics", Authorization="Bearer key").status_code == 200
        # A load balancer has another name for it.
        assert beside(api, "/health", Host="10.0.0.1:8000").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/docs", "/metrics"])
def test_without_a_key_it_is_for_programs_on_this_machine(api: Api, path: str) -> None:
    assert beside(api, path, Host="elsewhere.example").status_code == 403
    assert beside(api, path, Origin="https://elsewhere.example").status_code == 403


def test_metrics_while_the_database_cannot_be_asked(
    scripted_engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistream.engine.observing.watch import Watch

    async def nothing(watch: Watch) -> None:
        return None

    api = scripted_engine("Hello")
    monkeypatch.setattr(Watch, "sizes", nothing)
    answer = beside(api, "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "assistream_runs_working 0.0\n" in answer.text
    assert "assistream_database_bytes" not in answer.text
