from __future__ import annotations

import io
import json
import logging
import sys

import pytest

from assistream.engine import Engine, calls, fails
from assistream.engine.observing.logs import JsonLines, logging_to_stderr
from tests.engine.conftest import ScriptedEngine, path_of


def fields(caplog: pytest.LogCaptureFixture, logger: str) -> list[dict[str, object]]:
    return [vars(record)["fields"] for record in caplog.records if record.name == f"assistream.engine.{logger}"]


def test_requests_and_runs(scripted_engine: ScriptedEngine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    api = scripted_engine(calls(get_weather={}), fails("rate_limit_exceeded", "Secret."), access_log=True)
    run = api.waiting_run()
    api.client.headers["x-request-id"] = "mine"
    api.submit(run)
    api.client.get("/nothing%0Aforged")
    while len(found := fields(caplog, "requests")) < 5:
        pass
    *_, made, submitted, other = found
    assert (made["route"], made["run_id"], made["status"]) == ("/v1/threads/{thread_id}/runs", run["id"], 200)
    assert submitted["path"] == f"/v1{path_of(run)}/submit_tool_outputs"
    assert (submitted["request_id"], submitted["run_id"]) == ("mine", run["id"])
    assert (other["status"], "route" in other) == (404, False)
    [ended] = fields(caplog, "runs")
    assert (ended["status"], ended["error"], ended["request_id"]) == ("failed", "rate_limit_exceeded", "mine")
    assert "forged\\n" not in caplog.text
    assert "/v1/nothing\\nforged 404" in caplog.text
    assert "Secret." not in caplog.text


def test_which_key_and_never_the_key(caplog: pytest.LogCaptureFixture) -> None:
    import httpx

    caplog.set_level(logging.INFO)
    with Engine(api_key=["first-key", "second-key"], access_log=True) as engine:
        for key in ("second-key", "wrong-key"):
            httpx.get(f"{engine.base_url}/files", headers={"Authorization": f"Bearer {key}"})
        httpx.get(f"{engine.base_url.removesuffix('/v1')}/health")
    known, unknown = fields(caplog, "requests")
    assert (known["key"], unknown.get("key"), unknown["status"]) == ("key 2", None, 401)
    assert "-key" not in "".join(record.getMessage() for record in caplog.records if "httpx" not in record.name)


def test_off_by_default(scripted_engine: ScriptedEngine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    scripted_engine("Hello").run_stream()
    assert fields(caplog, "requests") + fields(caplog, "runs") == []


def test_a_line_of_json() -> None:
    try:
        raise ZeroDivisionError("a\nb")
    except ZeroDivisionError:
        record = logging.LogRecord("name", logging.ERROR, "", 0, "It %s\n", ("broke",), sys.exc_info())
    record.fields = {"run_id": "run_1", "odd": object()}
    line = JsonLines().format(record)
    assert "\n" not in line
    found = json.loads(line)
    assert found["message"] == "It broke\n"
    assert (found["level"], found["run_id"]) == ("error", "run_1")
    assert found["exception"].endswith("ZeroDivisionError: a\nb")
    assert found["time"][-1] == "Z"


@pytest.mark.parametrize(("level", "lines"), [("info", 2), ("warning", 1)])
def test_it_ends_with_the_program(monkeypatch: pytest.MonkeyPatch, level: str, lines: int) -> None:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    before = list(logging.getLogger().handlers)
    log = logging.getLogger("assistream.engine.requests")
    with logging_to_stderr("text", level):  # type: ignore[arg-type]  # one of those above
        log.info("one")
        log.warning("two")
        logging.getLogger("other").info("three")
    log.warning("four")
    assert len(said.getvalue().splitlines()) == lines
    assert logging.getLogger().handlers == before
