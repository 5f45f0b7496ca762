from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from assistream.engine import objects
from assistream.engine.lifecycle import (
    ACTIVE,
    BEHIND,
    CLOSINGS,
    HIDDEN,
    IN_LINE,
    INCLUDED,
    MESSAGE,
    RUN,
    STEP,
    TABLES,
    IllegalTransition,
    Table,
    advance,
    exhausted,
    is_over,
    out_of_line,
    shown,
)
from assistream.streaming.events import TERMINAL
from assistream.types import RunStatus
from tests.engine.conftest import Json


def test_all_layers_know_the_same_statuses() -> None:
    named, text = get_args(RunStatus)
    assert text is str
    assert set(get_args(named)) == set(RUN)
    assert {status for status, next_ones in RUN.items() if not next_ones} == TERMINAL == set(RUN) - ACTIVE


# The documented transitions, written down a second time on purpose.
RUN_ALLOWED = {
    "queued": "in_progress cancelling cancelled expired failed",
    "in_progress": "requires_action completed incomplete failed cancelling expired",
    "requires_action": "queued cancelling cancelled expired",
    "cancelling": "cancelled",
}
STEP_ALLOWED = {"in_progress": "completed failed cancelled expired"}
MESSAGE_ALLOWED = {"in_progress": "completed incomplete"}
STATUSES = {
    "thread.run": [*RUN_ALLOWED, "cancelled", "failed", "completed", "incomplete", "expired"],
    "thread.run.step": ["in_progress", "completed", "failed", "cancelled", "expired"],
    "thread.message": ["in_progress", "completed", "incomplete"],
}
ALLOWED = {"thread.run": RUN_ALLOWED, "thread.run.step": STEP_ALLOWED, "thread.message": MESSAGE_ALLOWED}
PAIRS = [(kind, *pair) for kind, statuses in STATUSES.items() for pair in product(statuses, statuses)]


def document(kind: str, status: str) -> Json:
    assistant = objects.assistant({"model": "any"})
    run = objects.run("thread_1", assistant, {}, ttl=600)
    made = {
        "thread.run": run,
        "thread.run.step": objects.step(run, "tool_calls", {"tool_calls": []}),
        "thread.message": objects.reply(run),
    }
    return made[kind] | {"status": status}


@pytest.mark.parametrize(("kind", "before", "after"), PAIRS)
def test_every_pair(kind: str, before: str, after: str) -> None:
    given = document(kind, before)
    if after in ALLOWED[kind].get(before, "").split():
        assert advance(given, after, 7)["status"] == after
        assert given["status"] == before
    else:
        with pytest.raises(IllegalTransition, match=f"cannot go from {before} to {after}"):
            advance(given, after, 7)


@pytest.mark.parametrize(
    ("kind", "table"), [("thread.run", RUN), ("thread.run.step", STEP), ("thread.message", MESSAGE)]
)
def test_tables_know_the_statuses_of_the_api_and_no_others(kind: str, table: Table) -> None:
    assert TABLES[kind] is table
    assert list(table) == STATUSES[kind]


@pytest.mark.parametrize(
    ("kind", "before", "after", "stamp"),
    [
        ("thread.run", "queued", "in_progress", "started_at"),
        ("thread.run", "in_progress", "completed", "completed_at"),
        ("thread.run", "in_progress", "incomplete", "completed_at"),
        ("thread.run", "in_progress", "failed", "failed_at"),
        ("thread.run", "cancelling", "cancelled", "cancelled_at"),
        ("thread.run.step", "in_progress", "completed", "completed_at"),
        ("thread.run.step", "in_progress", "failed", "failed_at"),
        ("thread.run.step", "in_progress", "cancelled", "cancelled_at"),
        ("thread.run.step", "in_progress", "expired", "expired_at"),
        ("thread.message", "in_progress", "completed", "completed_at"),
        ("thread.message", "in_progress", "incomplete", "incomplete_at"),
    ],
)
def test_a_status_sets_its_own_stamp_and_no_other(kind: str, before: str, after: str, stamp: str) -> None:
    given = document(kind, before)
    changed = {key for key, value in advance(given, after, 7).items() if value != given[key]}
    assert advance(given, after, 7)[stamp] == 7
    assert changed - {"status", "expires_at"} == {stamp}


def test_only_an_expired_run_keeps_the_time_of_its_expiry() -> None:
    run = document("thread.run", "in_progress")
    assert advance(run, "completed", 7)["expires_at"] is None
    assert advance(run, "expired", 7)["expires_at"] == run["expires_at"]


def test_a_run_that_is_over_asks_for_nothing() -> None:
    waiting = document("thread.run", "requires_action") | {"required_action": {"type": "submit_tool_outputs"}}
    assert advance(waiting, "expired", 7)["required_action"] is None


def test_active_is_every_status_of_a_run_that_is_not_over() -> None:
    assert {status for status in RUN if not is_over(document("thread.run", status))} == ACTIVE


@pytest.mark.parametrize("outcome", CLOSINGS)
def test_every_closing_can_be_reached(outcome: str) -> None:
    assert CLOSINGS[outcome].step in STEP["in_progress"]


@pytest.mark.parametrize(
    ("budgets", "reason"),
    [
        ({}, None),
        ({"max_completion_tokens": 6}, None),
        ({"max_completion_tokens": 5}, "max_completion_tokens"),
        ({"max_prompt_tokens": 11}, None),
        ({"max_prompt_tokens": 10}, "max_prompt_tokens"),
    ],
)
def test_budgets(budgets: Json, reason: str | None) -> None:
    usage = objects.add_tokens(objects.NO_TOKENS, 10, 5)
    assert exhausted(document("thread.run", "in_progress") | {"usage": usage} | budgets) == reason


@pytest.mark.parametrize(("status", "tells"), [("in_progress", False), ("requires_action", False), ("failed", True)])
def test_usage_is_told_when_a_run_is_over(status: str, tells: bool) -> None:
    run = document("thread.run", status)
    assert (shown(run)["usage"] is not None) is tells
    assert run["usage"] is not None


def test_what_is_hidden_is_not_shown() -> None:
    assert shown({"object": "assistant", HIDDEN: {}}) == {"object": "assistant"}
    queued = document("thread.run", "queued")
    assert shown(queued | {IN_LINE: True}) == shown(queued)


def test_a_run_that_leaves_its_line_is_as_any_other() -> None:
    queued = document("thread.run", "queued")
    assert out_of_line(queued | {IN_LINE: True}) == queued


def test_messages_are_shown_as_they_are() -> None:
    message = document("thread.message", "in_progress")
    assert shown(message) is message


FOUND: Json = {"results": [{"file_id": "file-1", "score": 0.5, "content": [{"type": "text", "text": "So"}]}]}


@pytest.mark.parametrize(("included", "keys"), [(False, {"file_id", "score"}), (True, {"file_id", "score", "content"})])
def test_what_a_search_found_is_shown_to_who_asked(included: bool, keys: set[str]) -> None:
    search = {"id": "call_1", "type": "file_search", "file_search": FOUND, BEHIND: {"told": "So"}}
    function = {"id": "call_2", "type": "function", "function": {"name": "f"}}
    details = {"type": "tool_calls", "tool_calls": [search, function]}
    step = document("thread.run.step", "completed") | {"type": "tool_calls", "step_details": details}
    told = shown(step | ({INCLUDED: True} if included else {}))
    first, second = told["step_details"]["tool_calls"]
    assert first["file_search"]["results"][0].keys() == keys
    assert (second, BEHIND in first, INCLUDED in told) == (function, False, False)
    assert BEHIND in search
