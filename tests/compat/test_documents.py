"""Every operation, in every view and colour, against a mock server of the published API documents of both versions.

The server refuses what the document does not allow, and answers as it says; assistream validates every answer.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

import assistream
from scripts.compat_suite import DOCUMENTS, Unavailable, mock_server, serving

from .caller import EITHER, TABLES, THIS_FILE, Operation, call

VIEWS = ["", "with_raw_response", "with_streaming_response"]


NOT_ONE_REQUEST = ("poll", "stream", "upload", "wait_for_processing")
NOT_THERE = ("models.list", "models.retrieve", "files.content")  # the content of a file is JSON to the documents


def is_documented(operation: Operation) -> bool:
    name, _, keywords = operation
    if name.endswith(NOT_ONE_REQUEST) or name in NOT_THERE or keywords.get("stream"):
        return False
    if keywords.get("extra_body") or keywords.get("file") == THIS_FILE:  # nobody here would close that file
        return False
    # What the API knows and the document does not: null for what is given up, a condition that is made of conditions.
    return keywords.get("expires_after", ...) is not None and keywords.get("filters") != EITHER


CASES = [
    pytest.param(version, operation, view, id=f"{version}-{operation[0]}-{view or 'plain'}")
    for version in TABLES
    for operation in filter(is_documented, TABLES[version])
    for view in VIEWS
]


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, str]]:
    try:
        prism = mock_server()
    except Unavailable as error:
        pytest.skip(f"{error}")
    with serving(prism, DOCUMENTS / "v1.scope.json") as v1, serving(prism, DOCUMENTS / "v2.scope.json") as v2:
        yield {"v1": v1, "v2": v2}


def viewed(operation: Operation, view: str) -> Operation:
    name, args, keywords = operation
    resource, _, method = name.rpartition(".")
    return ".".join(filter(None, [resource, view, method])), args, keywords


@pytest.mark.parametrize(("version", "operation", "view"), CASES)
def test_sync(servers: dict[str, str], version: Any, operation: Operation, view: str) -> None:
    with assistream.Client(base_url=servers[version], api_key="none", assistants_version=version) as client:
        result = call(client, viewed(operation, view), assistream)
        if view == "with_streaming_response":
            with result as response:
                assert not response.is_closed
                assert response.parse() is not None
            assert response.is_closed
        elif view:
            assert result.is_closed
            assert result.parse() is not None
        else:
            assert result is not None


@pytest.mark.anyio
@pytest.mark.parametrize(("version", "operation", "view"), CASES)
async def test_async(servers: dict[str, str], version: Any, operation: Operation, view: str) -> None:
    async with assistream.AsyncClient(base_url=servers[version], api_key="none", assistants_version=version) as client:
        result = call(client, viewed(operation, view), assistream)
        if view == "with_streaming_response":
            async with result as response:
                assert not response.is_closed
                assert await response.parse() is not None
            assert response.is_closed
        elif view:
            result = await result
            assert result.is_closed
            assert result.parse() is not None
        else:
            assert inspect.isawaitable(result)
            assert await result is not None
