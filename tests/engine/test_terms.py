from __future__ import annotations

import time

import pytest

from assistream.engine.errors import Refused
from assistream.engine.terms import Terms, terms
from tests.engine.conftest import Api

OF_ENGINE = Terms(600.0, "queue", True)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, OF_ENGINE),
        ({"assistream-busy": "interrupt"}, Terms(600.0, "interrupt", True)),
        ({"assistream-expires-in": "259200"}, Terms(259_200.0, "queue", True)),
        ({"assistream-cancel-on-disconnect": "no", "assistream-expires-in": "0.5"}, Terms(0.5, "queue", False)),
    ],
)
def test_headers_change_what_the_engine_does(headers: dict[str, str], expected: Terms) -> None:
    assert terms(headers, OF_ENGINE) == expected


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("assistream-busy", "later"),
        ("assistream-cancel-on-disconnect", "true"),
        *(("assistream-expires-in", value) for value in ("0", "-1", "nan", "inf", "1e9", "soon")),
    ],
)
def test_what_they_cannot_say(header: str, value: str) -> None:
    with pytest.raises(Refused, match=f"Invalid value for '{header}': '{value}'") as refused:
        terms({header: value}, OF_ENGINE)
    assert (refused.value.status, refused.value.param) == (400, header)


def test_a_run_that_may_wait_for_days(api: Api) -> None:
    run = api.on(expires_in="604800").run()
    assert run["expires_at"] - run["created_at"] == 7 * 24 * 3600
    assert api.finished(run)["status"] == "completed"


def test_a_run_with_little_time(api: Api) -> None:
    before = int(time.time())
    run = api.on(expires_in="5").run()
    assert before + 5 <= run["expires_at"] <= int(time.time()) + 5


def test_a_wrong_header_makes_nothing(api: Api) -> None:
    thread, assistant = api.thread("Hello"), api.assistant()
    path = f"/threads/{thread['id']}/runs"
    assert api.on(busy="maybe").refused(path, {"assistant_id": assistant["id"]})[0] == 400
    assert api.get(path)["data"] == []
