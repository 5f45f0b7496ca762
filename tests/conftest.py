from __future__ import annotations

import os

import pytest
from hypothesis import settings

pytest_plugins = ["pytester", "tests.leaks", "tests.parallel"]

# No deadline: machines are shared. No database: tests leave no files behind. On CI the same examples every time.
settings.register_profile("house", deadline=None, database=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("house")


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Every asynchronous test runs on both."""
    return str(request.param)
