# Written by scripts/unasync.py from test_async_rows.py; edit that file instead.
"""Every row of the callback order and of the state rules, over the wire."""

from __future__ import annotations

import pytest

from assistream import AssistantEventHandler, Client, StreamTruncatedError

from ..frames import DONE
from ..recording import streaming
from ..wire import Wire, hang_up, stream
from .rows import ROWS, Row
from .rows.row import CALL_A, HEL, MSG, STEP
from .traces import attach, done, told


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(server: Wire, client: Client, row: Row) -> None:
    server.add(stream(*row.frames, DONE))
    handler = AssistantEventHandler()
    trace = attach(handler)
    with streaming(client, handler) as events:
        yielded = [event for event in events]
        messages = events.get_final_messages()
        steps = events.get_final_run_steps()
    assert trace.text == row.hooks
    assert yielded == trace.events
    assert trace.extra == ["on_end"]
    if row.ends is not None:
        assert [*map(told, messages), *map(done, steps)] == list(row.ends)


def test_a11_on_a_lost_connection_nothing_is_done(server: Wire, client: Client) -> None:
    row = [STEP, CALL_A, MSG, HEL]
    server.add(stream(*(frame for frame, _ in row), then=hang_up()))
    handler = AssistantEventHandler()
    trace = attach(handler)
    with pytest.raises(StreamTruncatedError):
        with streaming(client, handler) as events:
            events.until_done()
    assert trace.text == [hooks for _, hooks in row]
    assert trace.extra == ["on_exception", "on_end"]


def test_a11_on_an_allowed_truncation_nothing_is_done(server: Wire, client: Client) -> None:
    row = [STEP, CALL_A, MSG, HEL]
    server.add(stream(*(frame for frame, _ in row), then=hang_up()))
    handler = AssistantEventHandler()
    trace = attach(handler)
    with streaming(client, handler, allow_truncated=True) as events:
        events.until_done()
    assert trace.text == [hooks for _, hooks in row]
    assert trace.extra == ["on_end"]
