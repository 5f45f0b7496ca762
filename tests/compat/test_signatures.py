"""Parameters have the names of the reference client's, in its order, by position and by keyword."""

from __future__ import annotations

import json
from functools import cache

import pytest

from scripts.compat import VERSIONS

from .conftest import OURS, run

Parameters = dict[str, bool]
"""By name: whether it may be given by position."""

NOT_HERE = {"models.delete": "nothing here deletes models"}

# Where the reference client has a keyword of the helper's own between those of the API.
PLACED_OTHERWISE = {"poll_interval_ms", "max_wait_seconds", "max_concurrency"}

# Ids that the reference client takes by keyword only, and here are first, as in `create` and `submit_tool_outputs`.
IDS = {"thread_id", "run_id"}

# `file_ids` was required in 1.109.1, and is the helper's own in the last one.
OTHER_ORDER = {f"vector_stores.file_batches.{name}" for name in ("create", "create_and_poll", "upload_and_poll")}


@cache
def methods(version: str) -> dict[str, Parameters]:
    lines = map(json.loads, run(version, "signatures.py"))
    return {method: dict(parameters) for method, *parameters in lines}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_method_is_there_with_every_parameter(version: str) -> None:
    missing = {
        method: absent
        for method, theirs in methods(version).items()
        if method not in NOT_HERE and (absent := theirs.keys() - methods(OURS).get(method, {}).keys())
    }
    assert missing == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_by_position(version: str) -> None:
    for method, theirs in methods(version).items():
        if method not in NOT_HERE:
            positional = [name for name, plain in theirs.items() if plain]
            assert list(methods(OURS)[method])[: len(positional)] == positional, method
            assert all(methods(OURS)[method][name] for name in positional), method


@pytest.mark.parametrize("version", VERSIONS)
def test_by_keyword(version: str) -> None:
    for method, theirs in methods(version).items():
        if method not in OTHER_ORDER | NOT_HERE.keys():
            free = PLACED_OTHERWISE | {name for name in IDS if not theirs.get(name)}
            ordered = [name for name in theirs if name not in free]
            assert [name for name in methods(OURS)[method] if name in ordered] == ordered, method
