"""The pytest plugin, found by pytest where assistream is installed: one fixture. What it needs is imported by it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .testing import ScriptedServer

_PASSED = pytest.StashKey[bool]()


# Every pytest session loads this, so it is written as older versions of pytest know it, too.
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    report: pytest.TestReport = (yield).get_result()
    if report.when == "call":
        item.stash[_PASSED] = report.passed


@pytest.fixture
def assistants_server(request: pytest.FixtureRequest) -> Iterator[ScriptedServer]:
    """A `ScriptedServer` without a script yet: ``assistants_server.script(says("Hi"))``.

    After a test that passed it is checked by `assert_done`, unless the test sets ``assistants_server.check`` to False.
    """
    from .testing import ScriptedServer

    with ScriptedServer() as server:
        yield server
        server.check = server.check and request.node.stash.get(_PASSED, False)
