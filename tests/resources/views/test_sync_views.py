# Written by scripts/unasync.py from test_async_views.py; edit that file instead.
from __future__ import annotations

from typing import Any

import pytest

from assistream import AssistantStreamEvent, Client, Stream, StreamTruncatedError

from ...frames import RC, Object, hello, run
from ...wire import Wire, answer, stream

OUTPUTS: Any = [{"tool_call_id": "call_1", "output": ""}]

PATHS = {
    "create": "/threads/t/runs",
    "submit_tool_outputs": "/threads/t/runs/r/submit_tool_outputs",
    "create_and_run": "/threads/runs",
}


def invoke(beta: Any, name: str, **given: Any) -> Any:
    if name == "create":
        return beta.threads.runs.create("t", assistant_id="a", **given)
    if name == "submit_tool_outputs":
        return beta.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=OUTPUTS, **given)
    return beta.threads.create_and_run(assistant_id="a", **given)


RUN: Object = run()


@pytest.mark.parametrize("name", PATHS)
def test_raw(server: Wire, client: Client, name: str) -> None:
    server.add(answer(RUN), path=PATHS[name])
    server.add(stream(*hello()), path=PATHS[name])
    raw = client.with_raw_response.beta
    assert (invoke(raw, name)).parse().to_dict() == RUN
    response = invoke(raw, name, stream=True)
    assert response.status_code == 200
    assert isinstance(response.parse(), Stream)
    events: Stream[AssistantStreamEvent] = response.parse()
    assert [event.event for event in events][-1] == "thread.run.completed"
    assert ["stream" in request.body for request in server.requests] == [False, True]


@pytest.mark.parametrize("name", PATHS)
def test_streaming(server: Wire, client: Client, name: str) -> None:
    server.add(answer(RUN), path=PATHS[name])
    server.add(stream(*hello()), path=PATHS[name], times=2)
    views = client.with_streaming_response.beta
    with invoke(views, name) as response:
        assert (response.parse()).to_dict() == RUN
    with invoke(views, name, stream=True) as response:
        events = response.parse()
        assert [event.event for event in events][-1] == "thread.run.completed"
    with invoke(views, name, stream=True) as response:
        lines = [line for line in response.iter_lines()]
    assert [line for line in lines if line.startswith("event: ")][-1] in ("event: done", "event: thread.run.completed")


def test_truncated_streams_are_taken_on_request(server: Wire, client: Client) -> None:
    server.add(stream(RC()), times=4)
    runs = client.beta.threads.runs
    response = runs.with_raw_response.create("t", assistant_id="a", stream=True, allow_truncated=True)
    assert len([event for event in response.parse()]) == 1
    response = runs.with_raw_response.create("t", assistant_id="a", stream=True)
    with pytest.raises(StreamTruncatedError):
        [event for event in response.parse()]
    opening = runs.with_streaming_response.create("t", assistant_id="a", stream=True, allow_truncated=True)
    with opening as streamed:
        assert len([event for event in streamed.parse()]) == 1
