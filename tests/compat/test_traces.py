"""Handlers of assistream are told what those of the reference client are, except where rules.py says otherwise."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import cast

import pytest

from scripts.compat import EARLY, VERSIONS
from tests.shared import require_shared
from tests.wire import Wire, stream

from .conftest import OURS, run
from .flows import FLOWS
from .rules import RULES, Rule, complete, contract
from .tracer import Trace

COLOURS = ["sync", "async"]


@cache
def traces(version: str) -> dict[tuple[str, str], Trace]:
    """By stream and colour; all of a version's come from one process."""
    with Wire() as server:
        for name, content in FLOWS.items():
            body = content if version == OURS else complete(content)
            server.add(stream(body, size=4096), path=f"/threads/{name}/runs", times=len(COLOURS))
        lines = map(json.loads, run(version, "tracer.py", server.url, *FLOWS))
        return {(name, colour): trace for name, colour, trace in lines}


@pytest.fixture(scope="session", autouse=True)
def everything_played() -> None:
    for version in [OURS, *VERSIONS, EARLY]:
        traces(version)


def leaves(value: object, path: str) -> Iterator[str]:
    """A line for each value in a JSON value."""
    parts: Iterable[tuple[object, object]] = ()
    if isinstance(value, dict):
        parts = sorted(cast(dict[str, object], value).items())
    elif isinstance(value, list):
        parts = enumerate(cast(list[object], value))
    if not value or not parts:
        yield f"{path} = {value!r}"
    for key, part in parts:
        yield from leaves(part, f"{path}.{key}")


def lines(trace: Trace) -> list[str]:
    return [line for entry in trace for line in (entry[0], *leaves(entry[1:], f"    {entry[0]}"))]


def difference(reference: Trace, ours: Trace) -> str:
    reference = contract(reference)
    if reference == ours:
        return ""
    found = difflib.unified_diff(lines(reference), lines(ours), "reference", "assistream", n=2, lineterm="")
    return "\n".join(line[:200] for line in islice(found, 60))


def test_recorded_streams_are_compared() -> None:
    assert {path.stem for path in require_shared("streams").glob("*.sse")} <= FLOWS.keys()


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("version", [*VERSIONS, EARLY])
def test_the_same_is_told(version: str, colour: str, name: str) -> None:
    found = difference(traces(version)[name, colour], traces(OURS)[name, colour])
    if found:
        pytest.fail(f"{name}, {colour}, unlike openai {version}:\n{found}", pytrace=False)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_needed(rule: Rule) -> None:
    require_shared("streams")  # for some of them
    everything = [trace for version in [*VERSIONS, EARLY] for trace in traces(version).values()]
    assert any(contract(trace) != contract(trace, without=rule) for trace in everything)
