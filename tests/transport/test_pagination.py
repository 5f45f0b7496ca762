"""Both colours side by side, as in the source."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from assistream.errors import UsageError
from assistream.transport._async import AsyncTransport
from assistream.transport._sync import Transport
from assistream.transport.call import get
from assistream.transport.pagination import (
    AsyncCursorPage,
    AsyncPage,
    AsyncPaginator,
    PageInfo,
    SyncCursorPage,
    SyncPage,
    page_call,
)
from assistream.types import CursorPage, FileObject, Thread
from assistream.types.pages import Page

from ..frames import thread
from ..wire import Wire, answer

CALL = get("/threads", CursorPage[Thread], {"limit": 2})


def page(*ids: str, **fields: Any) -> Any:
    return answer({"object": "list", "data": [thread(id) for id in ids]} | fields)


def first(transport: Transport) -> SyncCursorPage[Thread]:
    call: Any = page_call(SyncCursorPage, CALL, transport)
    result: SyncCursorPage[Thread] = transport.send(call).parse()
    return result


def paginator(transport: AsyncTransport) -> AsyncPaginator[Thread, AsyncCursorPage[Thread]]:
    return AsyncPaginator(page_call(AsyncCursorPage, CALL, transport), transport)


@pytest.fixture
def two_pages(server: Wire) -> None:
    server.add(page("a", "b", has_more=True))
    server.add(page("c", has_more=False))


@pytest.mark.usefixtures("two_pages")
def test_iterating_goes_on_through_the_pages(server: Wire, transport: Transport) -> None:
    assert [item.id for item in first(transport)] == ["a", "b", "c"]
    assert [request.query for request in server.requests] == ["limit=2", "limit=2&after=b"]


@pytest.mark.anyio
@pytest.mark.usefixtures("two_pages")
async def test_async_iterating_goes_on_through_the_pages(server: Wire, async_transport: AsyncTransport) -> None:
    assert [item.id async for item in paginator(async_transport)] == ["a", "b", "c"]
    assert [request.query for request in server.requests] == ["limit=2", "limit=2&after=b"]


@pytest.mark.usefixtures("two_pages")
def test_page_by_page(server: Wire, transport: Transport) -> None:
    page = first(transport)
    assert len(page.data) == 2
    assert page.has_next_page()
    following = page.get_next_page()
    assert type(following) is SyncCursorPage[Thread]
    assert not following.has_next_page()
    with pytest.raises(UsageError, match="no next page"):
        following.get_next_page()


@pytest.mark.anyio
@pytest.mark.usefixtures("two_pages")
async def test_async_page_by_page(server: Wire, async_transport: AsyncTransport) -> None:
    first = await paginator(async_transport)
    pages = [len(page.data) async for page in first.iter_pages()]
    assert pages == [2, 1]


@pytest.mark.anyio
@pytest.mark.usefixtures("two_pages")
async def test_async_iteration_may_be_left_early(server: Wire, async_transport: AsyncTransport) -> None:
    async for item in await paginator(async_transport):
        assert item.id == "a"
        break
    assert len(server.requests) == 1


def test_a_server_that_repeats_a_page_is_not_asked_for_ever(server: Wire, transport: Transport) -> None:
    server.add(page("a", "b", has_more=True), times=9)
    assert [item.id for item in first(transport)] == ["a", "b", "a", "b"]
    assert len(server.requests) == 2


@pytest.mark.anyio
async def test_async_a_server_that_repeats_a_page(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(page("a", "b", has_more=True), times=9)
    assert [item.id async for item in paginator(async_transport)] == ["a", "b", "a", "b"]


def test_a_server_that_does_not_say_is_asked_until_nothing_comes(server: Wire, transport: Transport) -> None:
    server.add(page("a"))
    server.add(page())
    assert [item.id for item in first(transport)] == ["a"]
    assert len(server.requests) == 2


def test_copies_can_go_on_and_pickles_say_that_they_cannot(server: Wire, transport: Transport) -> None:
    server.add(page("a", has_more=True))
    server.add(page("b", has_more=False), times=2)
    page_ = first(transport)
    assert copy.deepcopy(page_).get_next_page().data[0].id == "b"
    assert page_.model_copy(deep=True).get_next_page().data[0].id == "b"
    kept: SyncCursorPage[Thread] = pickle.loads(pickle.dumps(page_))
    assert [item.id for item in kept.data] == ["a"]
    with pytest.raises(UsageError, match="not read from a server"):
        kept.get_next_page()


def test_a_page_dumps_as_the_server_sent_it(server: Wire, transport: Transport) -> None:
    server.add(page("a", has_more=False, first_id="a", last_id="a"))
    dumped = first(transport).to_dict(mode="json")
    assert dumped == {"object": "list", "data": [thread("a")], "has_more": False, "first_id": "a", "last_id": "a"}


def test_what_leads_to_the_next_page(server: Wire, transport: Transport) -> None:
    server.add(page("a", "b", has_more=True))
    server.add(page("c", has_more=False))
    one = first(transport)
    assert one.next_page_info() == PageInfo({"after": "b"})
    assert one.get_next_page().next_page_info() is None


WHOLE: Any = page_call(SyncPage, get("/threads", Page[Thread], {}), None)
ASYNC_WHOLE: Any = page_call(AsyncPage, get("/threads", Page[Thread], {}), None)


def test_a_list_that_comes_whole(server: Wire, transport: Transport) -> None:
    server.add(page("a", "b"))
    whole: SyncPage[Thread] = transport.send(WHOLE).parse()
    assert [item.id for item in whole] == ["a", "b"]
    assert [one is whole for one in whole.iter_pages()] == [True]
    assert (whole.has_next_page(), whole.next_page_info()) == (False, None)
    assert pickle.loads(pickle.dumps(whole)) == whole
    with pytest.raises(RuntimeError, match="no next page"):
        whole.get_next_page()


@pytest.mark.anyio
async def test_async_a_list_that_comes_whole(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(page("a", "b"), times=2)
    paginator: AsyncPaginator[Thread, AsyncPage[Thread]] = AsyncPaginator(ASYNC_WHOLE, async_transport)
    assert [item.id async for item in paginator] == ["a", "b"]
    whole = await paginator
    assert [one is whole async for one in whole.iter_pages()] == [True]
    with pytest.raises(RuntimeError, match="no next page"):
        await whole.get_next_page()


def test_a_list_of_files_is_what_it_was_called_before() -> None:
    page: Any = SyncPage  # a checker takes no parametrised class here, programs of that time do
    async_page: Any = AsyncPage
    assert isinstance(SyncCursorPage[FileObject](data=[]), page[FileObject])
    assert isinstance(AsyncCursorPage[FileObject](data=[]), async_page[FileObject])
    assert not isinstance(SyncCursorPage[Thread](data=[]), page[Thread])
