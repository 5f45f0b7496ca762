"""What can be asked of a run in each of its states, and the events of every way through them."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from assistream.engine import ModelRequest, calls, fails, pauses, says
from assistream.engine.lifecycle import RUN
from assistream.engine.models import ModelDelta, TextDelta, Turn
from tests.engine.conftest import Api, Json, ScriptedEngine, frames_of, names, path_of

SCRIPTS: dict[str, Turn] = {
    "in_progress": pauses(math.inf),
    "requires_action": calls(get_weather={}),
    "cancelled": pauses(math.inf),
    "failed": fails(),
    "completed": says("Hello"),
    "incomplete": says("Half of", finish="length"),
    "expired": pauses(math.inf),
}
ACTIVE = ("queued", "in_progress", "requires_action", "cancelling")


@pytest.fixture
def let_go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def in_state(status: str, start: ScriptedEngine, let_go: threading.Event) -> tuple[Api, Json]:
    """An engine with a run in that state, which it keeps."""

    async def deaf(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        yield TextDelta("Half of")
        while not let_go.is_set():
            try:
                await asyncio.sleep(0.001)
            except asyncio.CancelledError:
                continue

    if status == "queued":
        api = start(pauses(math.inf), max_runs=1)
        api.run()
        return api, api.run()
    if status == "cancelling":
        api = start(model=deaf)
        run = api.run()
        while not api.get(f"/threads/{run['thread_id']}/messages", run_id=run["id"])["data"]:
            pass
    else:
        api = start(SCRIPTS[status])
        run = (api.on(expires_in="0.2") if status == "expired" else api).run()
    if status in ("cancelling", "cancelled"):
        api.post(f"{path_of(run)}/cancel")
    while (found := api.get(path_of(run)))["status"] != status:
        pass
    return api, found


CANCEL = {
    **dict.fromkeys(("queued", "in_progress", "requires_action"), None),
    **{
        status: f"Cannot cancel run with status '{status}'."
        for status in ("cancelling", "cancelled", "failed", "completed", "incomplete", "expired")
    },
}
SUBMIT = {
    status: None if status == "requires_action" else f'Runs in status "{status}" do not accept tool outputs.'
    for status in RUN
}


@pytest.mark.parametrize("status", RUN)
def test_every_request_in_every_state(
    scripted_engine: ScriptedEngine, let_go: threading.Event, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    monkeypatch.setattr("assistream.engine.source.PATIENCE", 30.0)
    api, run = in_state(status, scripted_engine, let_go)
    thread, busy = run["thread_id"], status in ACTIVE
    message = {"role": "user", "content": "More"}
    locked = f"Can't add messages to {thread} while a run {run['id']} is active."
    taken = f"Thread {thread} already has an active run {run['id']}."
    outputs = {"tool_outputs": [{"tool_call_id": "call_1", "output": ""}]}

    assert told(api, f"/threads/{thread}/messages", message) == (locked if busy else None)
    if busy:
        assert told(api, f"/threads/{thread}/runs", {"assistant_id": run["assistant_id"]}) == taken
    if SUBMIT[status] is not None:
        assert told(api, f"{path_of(run)}/submit_tool_outputs", outputs) == SUBMIT[status]
    assert told(api, path_of(run), {"metadata": {"seen": "yes"}}) is None
    assert api.get(path_of(run)) == run | {"metadata": {"seen": "yes"}}
    assert told(api, f"{path_of(run)}/cancel", {}) == CANCEL[status]


def told(api: Api, path: str, body: Json) -> str | None:
    response = api.client.post(path, json=body)
    assert response.status_code in (200, 400)
    text: str | None = response.json()["error"]["message"] if response.is_error else None
    return text


CREATED = ["run.created", "run.queued", "run.in_progress"]
STEP = ["run.step.created", "run.step.in_progress"]
MESSAGE = [*STEP, "message.created", "message.in_progress", "message.delta"]
ORDERS: dict[str, list[str]] = {
    "completed": [*CREATED, *MESSAGE, "message.completed", "run.step.completed", "run.completed"],
    "requires_action": [*CREATED, *STEP, "run.step.delta", "run.requires_action"],
    "incomplete": [*CREATED, *MESSAGE, "message.incomplete", "run.step.completed", "run.incomplete"],
    "failed": [*CREATED, *MESSAGE, "message.incomplete", "run.step.failed", "run.failed"],
    "expired": [*CREATED, *MESSAGE, "message.incomplete", "run.step.expired", "run.expired"],
    "cancelled": [
        *CREATED,
        *MESSAGE,
        "run.cancelling",
        "message.incomplete",
        "run.step.cancelled",
        "run.cancelled",
    ],
}
WAYS: dict[str, Turn] = SCRIPTS | {
    "failed": says("Half of") + fails(),
    "expired": says("Half of") + pauses(math.inf),
    "cancelled": says("Half of") + pauses(math.inf),
}


@pytest.mark.parametrize("status", ORDERS)
def test_the_order_of_events(scripted_engine: ScriptedEngine, status: str) -> None:
    api = scripted_engine(WAYS[status])
    assert streamed(api, status) == ["created", *ORDERS[status]]


def streamed(api: Api, status: str) -> list[str]:
    """The names of a whole stream of a thread and a run that comes to that state."""
    if status == "expired":
        api = api.on(expires_in="0.3")
    thread = {"messages": [{"role": "user", "content": "Hello"}]}
    body = {"assistant_id": api.assistant()["id"], "thread": thread, "stream": True}
    with api.client.stream("POST", "/threads/runs", json=body, headers=api._version) as response:
        text = ""
        for piece in response.iter_text():
            text += piece
            if status == "cancelled" and "event: thread.message.delta" in text:
                thread_id = text.partition('"id":"')[2].partition('"')[0]
                [run] = api.get(f"/threads/{thread_id}/runs")["data"]
                api.post(f"{path_of(run)}/cancel")
                status = ""  # only once
    return names(frames_of(text))


def test_all_events_there_are() -> None:
    seen = {f"thread.{name}" for order in ORDERS.values() for name in ["created", *order]}
    documented = {
        "thread.created",
        *(f"thread.run.{name}" for name in ["created", *RUN]),
        *(f"thread.run.step.{name}" for name in "created in_progress delta completed failed cancelled expired".split()),
        *(f"thread.message.{name}" for name in "created in_progress delta completed incomplete".split()),
    }
    # With `error`, which only says what no run can, and `done`, there are 25.
    assert seen == documented
    assert len(documented) == 23
