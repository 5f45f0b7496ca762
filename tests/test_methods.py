"""What all methods of a client show of themselves."""

from __future__ import annotations

import inspect

import pytest

from assistream import AsyncClient, Client
from assistream.transport.endpoint import View

HERE = "http://127.0.0.1:1/v1"


NO_OPTIONS = {"wait_for_processing": {"extra_headers", "extra_query", "extra_body", "timeout"}}
"""As in the reference client: it makes several requests."""


def everything(view: object, seen: list[object]) -> list[object]:
    """Resources below a view, in all views."""
    for name in dir(view):
        found = getattr(view, name)
        if isinstance(found, View) and not name.startswith("_"):
            seen.append(found)
            everything(found, seen)
    return seen


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_every_method_shows_its_parameters(kind: type[Client] | type[AsyncClient]) -> None:
    methods = 0
    for resource in everything(kind(base_url=HERE), []):
        for name in dir(resource):
            method = getattr(resource, name)
            if name.startswith("_") or isinstance(method, View) or not callable(method):
                continue
            signature = inspect.signature(method)
            wanted = {"extra_headers", "extra_query", "extra_body", "timeout"} - NO_OPTIONS.get(name, set())
            assert wanted <= signature.parameters.keys(), name
            assert not any(one.kind is one.VAR_KEYWORD for one in signature.parameters.values()), name
            assert signature.return_annotation is not inspect.Signature.empty
            assert inspect.getdoc(method)
            methods += 1
    assert methods > 100


def test_what_signatures_return_is_what_the_view_gives() -> None:
    with Client(base_url=HERE) as client:
        threads, assistants = client.beta.threads, client.beta.assistants
        shown = [
            inspect.signature(method).return_annotation
            for method in (
                threads.retrieve,
                threads.with_raw_response.retrieve,
                threads.with_streaming_response.retrieve,
                assistants.list,
                assistants.with_raw_response.list,
                AsyncClient(base_url=HERE).beta.assistants.list,
            )
        ]
    assert shown == [
        "Thread",
        "RawResponse[Thread]",
        "ResponseContextManager[Thread]",
        "SyncCursorPage[Assistant]",
        "RawResponse[SyncCursorPage[Assistant]]",
        "AsyncPaginator[AsyncCursorPage[Assistant]]",
    ]
