"""A pytest plugin: what a worker of pytest-xdist tells about a test can be told.

Tests stream halves of characters, and print or log them. Reports go from one process to another as UTF-8, which has
none, and a report that cannot be sent ends the whole run.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, cast

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    return encodable((yield))


def encodable(report: object) -> object:
    """The same, with ``?`` for each half of a character."""
    if isinstance(report, str):
        return report.encode("utf-8", "replace").decode("utf-8")
    if isinstance(report, dict):
        told = cast(dict[object, object], report)
        return {encodable(name): encodable(value) for name, value in told.items()}
    if isinstance(report, list | tuple):  # pytest looks whether it is a tuple that says why a test was skipped
        several = cast(list[object], report)
        return type(several)(map(encodable, several))
    return report
