"""Every target of scripts/fuzz.py, for a moment. Hypothesis makes an input that fails as small as it can."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .engine import check_model, check_requests, opened
from .targets import TARGETS, Check

EXAMPLES = {"decoder": 1500, "parser": 800, "events": 250, "client": 200}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_reads_streams(name: str) -> None:
    target = TARGETS[name]
    with target.opened() as check:

        @settings(
            max_examples=EXAMPLES[name],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        )
        @given(st.binary(max_size=target.size))
        def run(data: bytes) -> None:
            check(data)

        run()


@pytest.fixture(params=[check_requests, check_model], ids=["requests", "models"])
def engine_check(request: pytest.FixtureRequest) -> Iterator[Check]:
    with opened(request.param) as check:
        yield check


def test_the_engine(engine_check: Check) -> None:
    @settings(
        max_examples=60,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(st.binary(max_size=60))
    def run(data: bytes) -> None:
        engine_check(data)

    run()


def test_targets_that_are_run_here_are_all() -> None:
    assert {*EXAMPLES, "requests", "models"} == set(TARGETS)
