from __future__ import annotations

import inspect
import json
import pydoc
from operator import attrgetter
from typing import Any, Unpack, cast
from unittest import mock

import anyio
import pytest

from assistream.transport._async import AsyncTransport
from assistream.transport._sync import Transport
from assistream.transport.binary import HttpxBinaryResponseContent
from assistream.transport.call import Call, get, path
from assistream.transport.endpoint import (
    AsyncRawView,
    AsyncResource,
    AsyncStreamingView,
    RawView,
    Resource,
    StreamingView,
    binary,
    endpoint,
    flow,
    listing,
    view,
)
from assistream.transport.flows import Flow, Sleep, perform
from assistream.transport.pagination import AsyncCursorPage, SyncCursorPage
from assistream.transport.settings import Settings
from assistream.types import CursorPage, Thread
from assistream.types.params import PageParams, RequestOptions

from ..frames import thread
from ..wire import Wire, answer


class _Threads:
    @endpoint
    def retrieve(self, thread_id: str, **params: Unpack[RequestOptions]) -> Call[Thread]:
        """Fetch a thread."""
        return get(path("/threads/{thread_id}", thread_id=thread_id), Thread, params)

    @listing
    def list(self, **params: Unpack[PageParams]) -> Call[CursorPage[Thread]]:
        """List threads."""
        return get("/threads", CursorPage[Thread], params)

    @binary
    def content(self, thread_id: str) -> Call[HttpxBinaryResponseContent]:
        """Fetch its bytes."""
        return get(path("/threads/{thread_id}", thread_id=thread_id), HttpxBinaryResponseContent, {})

    @flow
    def retrieve_twice(self, thread_id: str) -> Flow[Thread]:
        """Fetch a thread, then again."""
        yield from perform(_Threads.retrieve.call(thread_id))
        yield Sleep(0)
        return (yield from perform(_Threads.retrieve.call(thread_id)))


class Threads(_Threads, Resource): ...


class AsyncThreads(_Threads, AsyncResource): ...


class RawThreads(_Threads, RawView): ...


class AsyncRawThreads(_Threads, AsyncRawView): ...


class StreamingThreads(_Threads, StreamingView): ...


class AsyncStreamingThreads(_Threads, AsyncStreamingView): ...


PAGE: Any = {"object": "list", "data": [thread()], "first_id": "thread_1", "last_id": "thread_1", "has_more": False}


@pytest.fixture(autouse=True)
def scripts(server: Wire) -> None:
    server.add(answer(PAGE), path="/threads", times=9)
    server.add(answer(thread()), path="/threads/thread_1", times=9)


def test_sync(transport: Transport) -> None:
    threads = Threads(transport)
    assert threads.retrieve("thread_1").id == "thread_1"
    assert isinstance(threads.list(), SyncCursorPage)
    assert threads.retrieve_twice("thread_1").id == "thread_1"


@pytest.mark.anyio
async def test_async(async_transport: AsyncTransport) -> None:
    threads = AsyncThreads(async_transport)
    assert (await threads.retrieve("thread_1")).id == "thread_1"
    assert isinstance(await threads.list(), AsyncCursorPage)
    assert (await threads.retrieve_twice("thread_1")).id == "thread_1"


def test_raw(transport: Transport) -> None:
    threads = RawThreads(transport)
    assert threads.retrieve("thread_1").parse().id == "thread_1"
    assert isinstance(threads.list().parse(), SyncCursorPage)


@pytest.mark.anyio
async def test_async_raw(async_transport: AsyncTransport) -> None:
    threads = AsyncRawThreads(async_transport)
    assert (await threads.retrieve("thread_1")).parse().id == "thread_1"
    assert isinstance((await threads.list()).parse(), AsyncCursorPage)


def test_binary(transport: Transport) -> None:
    assert Threads(transport).content("thread_1").json() == thread()
    raw = RawThreads(transport).content("thread_1")
    assert raw.parse() is raw.parse()
    assert raw.parse().json() == thread()
    with StreamingThreads(transport).content("thread_1") as response:
        assert json.loads(response.parse()) == thread()
    with StreamingThreads(transport).content("thread_1") as response:
        assert json.loads(b"".join(response.iter_bytes(5))) == thread()


@pytest.mark.anyio
async def test_async_binary(async_transport: AsyncTransport) -> None:
    assert (await AsyncThreads(async_transport).content("thread_1")).json() == thread()
    assert (await AsyncRawThreads(async_transport).content("thread_1")).parse().json() == thread()
    async with AsyncStreamingThreads(async_transport).content("thread_1") as response:
        assert json.loads(await response.parse()) == thread()


def test_several_requests_have_no_raw_view(transport: Transport, settings: Settings) -> None:
    assert isinstance(_Threads.retrieve_twice, flow)
    other = AsyncTransport(settings)
    raw = RawThreads(transport), AsyncRawThreads(other)
    for looked in (*raw, StreamingThreads(transport), AsyncStreamingThreads(other)):
        with pytest.raises(AttributeError, match="'retrieve_twice': what makes several requests"):
            attrgetter("retrieve_twice")(looked)
        with pytest.raises(AttributeError, match="'create_and_stream': what is made for a `with`"):
            attrgetter("create_and_stream")(looked)
        assert not hasattr(looked, "retrieve_twice")


def test_a_call_is_made_without_being_sent(server: Wire) -> None:
    assert _Threads.retrieve.call("a b").path == "/threads/a%20b"
    assert server.requests == []


def test_methods_look_as_they_were_written(transport: Transport, settings: Settings) -> None:
    method, other = Threads(transport).retrieve, AsyncThreads(AsyncTransport(settings)).retrieve
    assert method.__doc__ == other.__doc__
    assert (method.__doc__ or "").startswith("Fetch a thread.\n\nArgs:\n    thread_id: The id of the thread.\n")
    assert method.__name__ == "retrieve"
    assert list(inspect.signature(method).parameters)[:2] == ["thread_id", "extra_headers"]
    assert inspect.signature(method).return_annotation == "Thread"
    assert inspect.iscoroutinefunction(other)
    assert not inspect.iscoroutinefunction(method)
    assert "get(path(" in inspect.getsource(method)


def test_on_a_class_they_are_functions_like_any_other(transport: Transport) -> None:
    assert inspect.isfunction(Threads.retrieve)
    assert inspect.iscoroutinefunction(AsyncThreads.retrieve)
    assert Threads.retrieve.__qualname__ == "Threads.retrieve"
    assert list(inspect.signature(Threads.list).parameters)[:2] == ["self", "after"]
    assert Threads.retrieve(Threads(transport), "thread_1").id == "thread_1"
    lines = pydoc.plain(pydoc.render_doc(Threads)).splitlines()
    # From Python 3.13 on, each parameter has a line of its own.
    shown = " ".join(line.removeprefix(" |").strip() for line in lines).replace("( ", "(")
    assert "list(self, *, after: str = NOT_GIVEN, before: str = NOT_GIVEN," in shown
    assert "-> SyncCursorPage[Thread]" in shown


def test_an_override_counts_every_time(transport: Transport) -> None:
    class Counting(Threads):
        calls = 0

        def retrieve(self, thread_id: str, **params: Unpack[RequestOptions]) -> Thread:  # pyright: ignore[reportIncompatibleVariableOverride] -- a function for a descriptor
            self.calls += 1
            return super().retrieve(thread_id, **params)

    threads = Counting(transport)
    assert [threads.retrieve("thread_1").id for _ in range(3)] == ["thread_1"] * 3
    assert threads.calls == 3


@pytest.mark.parametrize("autospec", [False, True])
def test_tests_may_put_something_in_its_place_at_any_time(transport: Transport, autospec: bool, server: Wire) -> None:
    threads = Threads(transport)
    threads.retrieve("thread_1")
    for target in (Threads, threads):
        with mock.patch.object(target, "retrieve", autospec=autospec, return_value="mock"):
            assert cast("object", threads.retrieve("thread_1")) == "mock"
            if autospec:
                with pytest.raises(TypeError, match="thread_id"):
                    threads.retrieve(thrad_id="thread_1")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested
    assert threads.retrieve("thread_1").id == "thread_1"
    assert len(server.requests) == 2


def test_views_are_made_once_and_can_be_replaced(transport: Transport) -> None:
    class Parent(Resource):
        threads = view(Threads)

    parent = Parent(transport)
    assert parent.threads is parent.threads
    with mock.patch.object(Parent, "threads", "mock"):
        assert cast("object", parent.threads) == "mock"
    assert isinstance(parent.threads, Threads)


def test_wrong_keywords_are_told_before_anything_is_sent(server: Wire, transport: Transport) -> None:
    with pytest.raises(TypeError, match="Did you mean 'timeout'"):
        Threads(transport).retrieve("t", timout=3)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested
    with pytest.raises(TypeError, match=r"^retrieve\(\) missing 1 required positional argument: 'thread_id'$"):
        Threads(transport).retrieve()  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested
    assert server.requests == []


@pytest.mark.anyio
async def test_async_methods_start_as_tasks(async_transport: AsyncTransport) -> None:
    threads = AsyncThreads(async_transport)
    ids: list[str] = []

    async def fetch() -> None:
        ids.append((await threads.retrieve("thread_1")).id)

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(fetch)
    assert ids == ["thread_1"] * 5
