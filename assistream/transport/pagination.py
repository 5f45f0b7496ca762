"""Lists that come in pages: each page finds the next, and iterating one goes through all that follow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Self, TypeVar, cast

from pydantic import PrivateAttr

from ..errors import UsageError
from ..types.pages import CursorPage
from ._async import AsyncTransport
from ._sync import Transport
from .call import Call

T = TypeVar("T")


@dataclass(frozen=True)
class _Source:
    """Where a page came from. Copies of the page share it; a pickled page goes without."""

    call: Call[Any]
    transport: Any
    cursors: frozenset[str] = field(default_factory=frozenset[str])
    """Where the pages up to this one began. A server that repeats one would go on for ever."""

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()


class _Page(CursorPage[T]):
    _source: _Source | None = PrivateAttr(default=None)

    def has_next_page(self) -> bool:
        """Whether the server has more, as far as this page tells."""
        cursor = self._cursor
        seen = self._source.cursors if self._source else frozenset[str]()
        ended = "has_more" in self.model_fields_set and not self.has_more
        return cursor is not None and cursor not in seen and not ended

    def __reduce__(self) -> tuple[Any, ...]:
        # pickle looks classes up by name, and a parametrised one has none: it is made again.
        made = type(self).__pydantic_generic_metadata__
        return _unpickled, (made["origin"], made["args"][0], self.__getstate__())

    @property
    def _cursor(self) -> str | None:
        return getattr(self.data[-1], "id", None) if self.data else None

    def _next_call(self) -> tuple[Call[Any], Any]:
        if self._source is None:
            raise UsageError("This page was not read from a server (or was pickled since), so nothing can follow it.")
        if not self.has_next_page():
            raise UsageError("There is no next page: ask `has_next_page()` first.")
        cursor = cast("str", self._cursor)
        call = replace(self._source.call, query={**self._source.call.query, "after": cursor})
        transport = self._source.transport
        return _following(type(self), call, transport, self._source.cursors | {cursor}), transport


def _unpickled(page: Any, item: Any, state: dict[str, Any]) -> _Page[Any]:
    kind: type[_Page[Any]] = page[item]
    result = kind.__new__(kind)
    result.__setstate__(state)
    return result


def page_call(page: Any, call: Call[CursorPage[T]], transport: object) -> Call[Any]:
    """`call`, answered by a `page` that can find the next one."""
    item = call.returns.__pydantic_generic_metadata__["args"][0]
    return _following(page[item], call, transport, frozenset())


def _following(page: type[Any], call: Call[Any], transport: object, cursors: frozenset[str]) -> Call[Any]:
    def attach(result: _Page[Any]) -> None:
        result._source = _Source(call, transport, cursors)

    return replace(call, returns=page, received=attach)


class SyncCursorPage(_Page[T]):
    """A page of a list. Iterating it goes on through the pages that follow; `data` is this one's alone."""

    def __iter__(self) -> Iterator[T]:  # type: ignore[override] # a page is a list to its users, not a model
        for page in self.iter_pages():
            yield from page.data

    def iter_pages(self) -> Iterator[Self]:
        """This page, then each that follows."""
        page = self
        yield page
        while page.has_next_page():
            page = page.get_next_page()
            yield page

    def get_next_page(self) -> Self:
        """Fetch the page that follows.

        Raises:
            UsageError: There is none, or this page does not know where it came from.
        """
        call, transport = self._next_call()
        page: Self = cast("Transport", transport).send(call).parse()
        return page


class AsyncCursorPage(_Page[T]):
    """As `SyncCursorPage`, for ``async for``."""

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self.iter_pages())

    def iter_pages(self) -> AsyncPages[T]:
        """This page, then each that follows."""
        return AsyncPages(self._itself)

    async def get_next_page(self) -> Self:
        """Fetch the page that follows.

        Raises:
            UsageError: There is none, or this page does not know where it came from.
        """
        call, transport = self._next_call()
        page: Self = (await cast("AsyncTransport", transport).send(call)).parse()
        return page

    async def _itself(self) -> Self:
        return self


class AsyncPages(Generic[T]):
    """Page after page. A class, for an async generator left early is a leak on trio."""

    def __init__(self, first: Callable[[], Awaitable[AsyncCursorPage[T]]]) -> None:
        self._fetch: Callable[[], Awaitable[AsyncCursorPage[T]]] | None = first

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> AsyncCursorPage[T]:
        if self._fetch is None:
            raise StopAsyncIteration
        page = await self._fetch()
        self._fetch = page.get_next_page if page.has_next_page() else None
        return page


class AsyncItems(Generic[T]):
    """Item after item, of page after page."""

    def __init__(self, pages: AsyncPages[T]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter((await self._pages.__anext__()).data)


class AsyncPaginator(Generic[T]):
    """What an async list method returns: ``await`` it for the first page, or ``async for`` through all items."""

    def __init__(self, call: Call[AsyncCursorPage[T]], transport: AsyncTransport) -> None:
        self._call, self._transport = call, transport

    def __await__(self) -> Generator[Any, None, AsyncCursorPage[T]]:
        return self._first().__await__()

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(AsyncPages(self._first))

    async def _first(self) -> AsyncCursorPage[T]:
        return (await self._transport.send(self._call)).parse()
