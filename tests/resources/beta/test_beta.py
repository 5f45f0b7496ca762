from __future__ import annotations

from typing import Any

from assistream import AsyncClient, Client, resources
from assistream.transport.endpoint import (
    AsyncRawView,
    AsyncResource,
    AsyncStreamingView,
    RawView,
    Resource,
    StreamingView,
    View,
)
from assistream.transport.settings import Settings

HERE = Settings("http://127.0.0.1:1")

TREE = ["", "assistants", "threads", "threads.messages", "threads.runs", "threads.runs.steps"]


def follow(view: Any, dotted: str) -> Any:
    for name in filter(None, dotted.split(".")):
        view = getattr(view, name)
    return view


def test_every_resource_is_where_programs_look_in_every_view() -> None:
    with Client(base_url=HERE.base_url) as client:
        views = {
            client.beta: Resource,
            client.beta.with_raw_response: RawView,
            client.beta.with_streaming_response: StreamingView,
        }
        for root, kind in views.items():
            assert all(isinstance(follow(root, dotted), kind) for dotted in TREE)
        for dotted in TREE:
            assert isinstance(follow(client.beta, dotted).with_raw_response, RawView)
            assert isinstance(follow(client.beta, dotted).with_streaming_response, StreamingView)


def test_and_for_async_clients() -> None:
    client = AsyncClient(base_url=HERE.base_url)
    views = {
        client.beta: AsyncResource,
        client.beta.with_raw_response: AsyncRawView,
        client.beta.with_streaming_response: AsyncStreamingView,
    }
    for root, kind in views.items():
        assert all(isinstance(follow(root, dotted), kind) for dotted in TREE)
    for dotted in TREE:
        assert isinstance(follow(client.beta, dotted).with_raw_response, AsyncRawView)
        assert isinstance(follow(client.beta, dotted).with_streaming_response, AsyncStreamingView)


def test_resources_are_made_once() -> None:
    with Client(base_url=HERE.base_url) as client:
        assert client.beta.threads.runs.steps is client.beta.threads.runs.steps


def test_the_classes_have_the_documented_names() -> None:
    classes = [getattr(resources, name) for name in resources.__all__]
    assert all(issubclass(cls, View) for cls in classes)
    assert [cls.__name__ for cls in classes] == resources.__all__
