"""The import paths of the reference client that are not those of types."""

from __future__ import annotations

from importlib import import_module

import pytest

import assistream


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("lib.azure", "AsyncAzureOpenAI AzureOpenAI"),
        ("lib.streaming", "AssistantEventHandler AssistantStreamManager AsyncAssistantEventHandler"),
        ("lib.streaming", "AsyncAssistantStreamManager"),
    ],
)
def test_names_are_the_same_objects(path: str, names: str) -> None:
    module = import_module(f"assistream.{path}")
    assert all(getattr(module, name) is getattr(assistream, name) for name in names.split())


def test_pages_and_version() -> None:
    from assistream.pagination import AsyncCursorPage, AsyncPage, SyncCursorPage, SyncPage
    from assistream.transport import pagination
    from assistream.version import VERSION

    assert VERSION == assistream.VERSION == assistream.__version__
    for page in (AsyncCursorPage, AsyncPage, SyncCursorPage, SyncPage):
        assert getattr(pagination, page.__name__) is page


def test_the_type_variables_of_handlers() -> None:
    from assistream.lib.streaming import AssistantEventHandlerT, AsyncAssistantEventHandlerT

    assert AssistantEventHandlerT.__bound__ is assistream.AssistantEventHandler
    assert AsyncAssistantEventHandlerT.__bound__ is assistream.AsyncAssistantEventHandler
