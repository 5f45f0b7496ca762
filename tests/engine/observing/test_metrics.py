"""What an engine counts, as whoever reads /metrics sees it."""

from __future__ import annotations

import threading

import pytest

from assistream.engine import Scripted, breaks_off, calls, crashes, fails, pauses, says, uses, waits_for
from assistream.engine.observing.tallies import MOST, OTHERS
from tests.engine.conftest import Api, ScriptedEngine, path_of


def read(api: Api) -> dict[str, float]:
    """Names with their labels, and values."""
    text = api.client.get(api.client.base_url.copy_with(path="/metrics")).raise_for_status().text
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#"]
    return {name: float(value) for name, value in lines}


def test_a_run(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}, again={}) + uses(5, 6), says(["It ", "rains."]) + uses(7, 8))
    before = read(api)
    assert before["assistream_webhooks_waiting"] == 0
    api.submit(api.waiting_run())
    found = read(api)
    expected = {
        'assistream_runs_total{status="completed"}': 1,
        "assistream_run_seconds_count": 1,
        "assistream_first_delta_seconds_count": 2,
        'assistream_model_seconds_count{model="any"}': 2,
        'assistream_tokens_total{kind="prompt",model="any"}': 12,
        'assistream_tokens_total{kind="completion",model="any"}': 14,
        'assistream_tool_calls_total{type="function"}': 2,
        "assistream_runs_working": 0,
        "assistream_runs_queued": 0,
        "assistream_streams_open": 0,
        "assistream_events_waiting": 0,
    }
    assert {name: found[name] for name in expected} == expected
    assert found['assistream_events_total{kind="delta"}'] == 2 * 2 + 2
    assert not [name for name in found if name.startswith("assistream_model_errors_total")]
    assert found["assistream_database_bytes"] > 4096
    assert found["process_cpu_seconds_total"] > 0


def test_requests_are_counted_by_route(api: Api) -> None:
    thread = api.thread("Hello")
    for path in (f"/threads/{thread['id']}", "/threads/thread_1", "/threads/thread_2", "/nothing"):
        api.client.get(path)
    api.client.request("BREW", "/threads")
    found = read(api)
    route = 'route="/v1/threads/{thread_id}"'
    assert found[f'assistream_requests_total{{method="GET",{route},status="200"}}'] == 1
    assert found[f'assistream_requests_total{{method="GET",{route},status="404"}}'] == 2
    assert found[f'assistream_request_seconds_count{{method="GET",{route}}}'] == 3
    assert found['assistream_requests_total{method="GET",route="",status="404"}'] == 1
    assert found['assistream_requests_total{method="other",route="/v1/threads",status="405"}'] == 1
    assert read(api)['assistream_requests_total{method="GET",route="/metrics",status="200"}'] == 1


def test_the_page_has_routes(api: Api) -> None:
    for method, path in (("HEAD", "/"), ("GET", "/"), ("GET", "/playground/app.js"), ("POST", "/")):
        api.client.request(method, api.client.base_url.copy_with(path=path))
    found = read(api)
    assert found['assistream_requests_total{method="HEAD",route="/",status="200"}'] == 1
    assert found['assistream_requests_total{method="GET",route="/",status="200"}'] == 1
    assert found['assistream_requests_total{method="GET",route="/playground/{file}",status="200"}'] == 1
    assert found['assistream_requests_total{method="POST",route="",status="404"}'] == 1


def test_what_is_under_way(scripted_engine: ScriptedEngine) -> None:
    go_on = threading.Event()
    api = scripted_engine(model=Scripted(lambda request: waits_for(go_on) + says("Hi")), max_runs=1)
    body = {"assistant_id": api.assistant()["id"], "stream": True}
    with api.client.stream("POST", f"/threads/{api.thread('Hi')['id']}/runs", json=body):
        other = api.run()
        found = read(api)
        assert found["assistream_runs_working"] == 1
        assert found["assistream_runs_queued"] == 1
        assert found["assistream_streams_open"] == 1
        go_on.set()
        api.finished(other)
    while read(api)["assistream_streams_open"]:
        pass


@pytest.mark.parametrize(
    ("turn", "code"),
    [
        (fails("rate_limit_exceeded", "Slower."), "rate_limit_exceeded"),
        (crashes(ZeroDivisionError()), "crashed"),
        (breaks_off(), "broke_off"),
    ],
)
def test_models_that_fail(scripted_engine: ScriptedEngine, turn: object, code: str) -> None:
    api = scripted_engine(turn)  # type: ignore[arg-type]  # one of those above
    api.run_stream()
    found = read(api)
    assert found[f'assistream_model_errors_total{{code="{code}"}}'] == 1
    assert found['assistream_runs_total{status="failed"}'] == 1


def test_a_cancelled_run_is_no_failure_of_the_model(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(3600))
    run = api.run()
    while api.get(path_of(run))["status"] == "queued":
        pass
    api.post(f"{path_of(run)}/cancel")
    while 'assistream_runs_total{status="cancelled"}' not in (found := read(api)):
        pass
    assert found['assistream_model_seconds_count{model="any"}'] == 1
    assert not [name for name in found if name.startswith("assistream_model_errors_total")]


def test_changing_what_is_over_counts_nothing(api: Api) -> None:
    run = api.run_stream()[-1].data
    api.post(path_of(run), {"metadata": {"a": "b"}})
    assert read(api)['assistream_runs_total{status="completed"}'] == 1


def test_models_have_so_many_names_at_most(api: Api) -> None:
    thread = api.thread("Hello")
    for number in range(MOST + 2):
        api.run_stream(thread, model=f"model-{number}")
    found = read(api)
    names = [name for name in found if name.startswith("assistream_model_seconds_count")]
    assert len(names) == MOST + 1
    assert found[f'assistream_model_seconds_count{{model="{OTHERS}"}}'] == 2


def test_files(api: Api) -> None:
    api.upload(b"12345")
    file = api.upload(b"123")
    api.client.delete(f"/files/{file['id']}")
    assert read(api)['assistream_file_bytes_total{purpose="assistants"}'] == 8
