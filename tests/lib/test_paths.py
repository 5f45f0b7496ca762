"""The import paths of the reference client that are not those of types."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import get_args

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


def test_azure_tokens() -> None:
    from assistream.lib.azure import AsyncAzureADTokenProvider, AzureADTokenProvider

    assert AzureADTokenProvider in get_args(AsyncAzureADTokenProvider)


def test_a_file_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    assert assistream.file_from_path(file) == assistream.file_from_path(str(file)) == ("notes.txt", file)


def test_what_the_package_has_is_listed() -> None:
    assert {"beta", "files", "models", "vector_stores", "Client", "file_from_path", "types"} <= {*dir(assistream)}


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
