"""Every operation in each of its forms, on a mock server of the published API documents of both versions.

The server refuses what the document does not allow, and answers as it says. What assistream makes of the answer is what
the reference client makes of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from scripts.compat import EARLY
from scripts.compat_suite import mock_server, serving
from scripts.environments import CannotInstall
from tests.shared import require_shared

from .conftest import OURS, run


@pytest.fixture(params=[(EARLY, "v1"), ("3.x", "v2")], ids=[EARLY, "3.x"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str, str]]:
    """A version of the reference client, the version of the API, and the address of a server for it."""
    client, version = request.param
    document = require_shared(f"openapi/{version}.scope.json")
    try:
        with serving(mock_server(), document) as url:
            yield client, version, url
    except CannotInstall as error:
        pytest.fail(str(error), pytrace=False)


def test_what_an_operation_gives_in_each_form(server: tuple[str, str, str]) -> None:
    client, version, url = server
    theirs, ours = (run(each, "forms.py", url, version) for each in (client, OURS))
    outcomes = [json.loads(line) for line in ours]
    assert {form for _, _, _, form, _ in outcomes} == {"plain", "raw", "streamed", "empty"}
    assert [one for one in outcomes if isinstance(one[-1], dict) and one[-1].keys() == {"error"}] == []
    different = [(one, other) for one, other in zip(theirs, ours, strict=True) if one != other]
    assert not different, f"{len(different)} differ, first: {different[0]}"
