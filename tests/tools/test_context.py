from __future__ import annotations

from typing import Any

import pytest

from assistream.tools import ToolContext

from .examples import CONTEXT


def test_a_call_is_enough() -> None:
    context = ToolContext(CONTEXT.call)
    assert (context.run, context.timeout, context.cancelled) == (None, None, False)
    assert (context.run_id, context.thread_id) == ("run_1", "thread_1")
    context.progress("nobody hears it")
    assert context == CONTEXT


def test_it_tells_and_is_told() -> None:
    heard: list[str] = []
    stop: list[bool] = []
    context = ToolContext(CONTEXT.call, None, 3.0, lambda: bool(stop), heard.append)
    context.progress("half")
    percent: Any = 42
    context.progress(percent)
    assert heard == ["half", "42"]
    assert not context.cancelled
    stop.append(True)
    assert context.cancelled


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        CONTEXT.timeout = 3  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue] -- frozen
