from __future__ import annotations

import pytest

from assistream.engine.interpreter import budget
from assistream.engine.interpreter.budget import Budget, Budgets


def test_no_more_is_taken_than_there_is() -> None:
    left = Budget(10)
    assert [left.take(size) for size in (6, 5, 4, 1)] == [True, False, True, False]


def test_calls_of_a_run_share_theirs() -> None:
    budgets = Budgets(10)
    first = budgets.of("thread", "run 1")
    assert first.left == 80
    assert budgets.of("another", "run 2") is not first
    assert budgets.of("thread", "run 1") is first
    assert budgets.of("thread", "run 3").left == 80


def test_they_are_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_MOST", 2)
    budgets = Budgets(10)
    one, two = (budgets.of(thread, "run") for thread in ("one", "two"))
    budgets.of("one", "run")
    budgets.of("three", "run")
    assert budgets.of("one", "run") is one
    assert budgets.of("two", "run") is not two
