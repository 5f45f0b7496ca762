"""A pytest plugin: what a worker of pytest-xdist tells about a test can be told.

Tests stream halves of characters, and print or log them. Reports go from one process to another as UTF-8, which has
none, and a report that cannot be sent ends the whole run.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    return encodable((yield))


def encodable(report: Any) -> Any:
    """The same, which is data as JSON has it, with ``?`` for each half of a character."""
    return json.loads(json.dumps(report, ensure_ascii=False).encode("utf-8", "replace"))
