"""Whoever asks for help gets it: on every class and method, with every keyword."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from assistream import Client, resources
from assistream.resources import vector_stores
from assistream.transport.endpoint import AsyncResource, Resource, View

CLASSES: list[type[View]] = [
    *(getattr(resources, name) for name in resources.__all__),
    *(getattr(vector_stores, name) for name in vector_stores.__all__),
]


def methods(cls: type[View]) -> Iterator[tuple[str, Any]]:
    for name in dir(cls):
        if not name.startswith("_") and inspect.isfunction(method := getattr(cls, name)):
            yield name, method


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_every_class_and_method_tells_about_itself(cls: type[View]) -> None:
    assert cls.__doc__ not in {base.__doc__ for base in cls.__mro__[1:]}
    for name, method in methods(cls):
        doc = inspect.getdoc(method) or ""
        assert not doc.startswith("Args:"), name
        _, *parameters = inspect.signature(method).parameters
        told = re.findall(r"^ {4}(\w+): .", doc, re.MULTILINE)
        assert sorted(parameters) == sorted({*told} - {"WaitTimeoutError"}), name


def test_what_can_go_wrong_is_told_where_the_operations_are() -> None:
    operating = [cls for cls in CLASSES if issubclass(cls, Resource) and any(methods(cls))]
    assert [cls for cls in operating if "\nRaises:\n" not in (inspect.getdoc(cls) or "")] == []


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_signatures_are_for_people(cls: type[View]) -> None:
    for name, method in methods(cls):
        shown = str(inspect.signature(method))
        assert shown.startswith("(self"), name
        assert not re.search(
            r"NotGiven|Omittable|Annotated|MaybeStreamed|AnyHandlers|\bAny\b|typing\.|: _|'\w+'", shown
        )
        assert inspect.iscoroutinefunction(method) <= issubclass(cls, AsyncResource) or "Raw" in cls.__name__


def test_the_same_under_another_name() -> None:
    stream, create_and_stream = resources.Runs.stream, resources.Runs.create_and_stream
    assert (stream.__name__, stream.__qualname__) == ("stream", "Runs.stream")
    assert inspect.signature(stream) == inspect.signature(create_and_stream)
    assert "Another name for `create_and_stream`" in (stream.__doc__ or "")


def test_views_are_documented_where_they_hang() -> None:
    with Client(base_url="http://127.0.0.1:1") as client:
        assert inspect.getdoc(client.beta.threads.runs) == inspect.getdoc(resources.Runs)
    assert type(client).beta.__doc__ == resources.Beta.__doc__
