"""Lists that come in pages: each page finds the next, and iterating one goes through all that follow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, Self, TypeVar, cast

from pydantic import BaseModel, PrivateAttr

from ..errors import UsageError
from ..types.files import FileObject
from ..types.pages import CursorPage, Page
from ._async import AsyncTransport
from ._sync import Transport
from .call import Call

T = TypeVar("T")
PageT = TypeVar("PageT", bound="AsyncCursorPage[Any] | AsyncPage[Any]")


@dataclass(frozen=True)
class PageInfo:
    """What is asked for to get the next page."""

    params: Mapping[str, object]


NO_PAGE = "There is no next page: ask `has_next_page()` first."


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


class _Kept(BaseModel):
    """A page that can be pickled, though pickle looks classes up by name, and a parametrised one has none."""

    def __reduce__(self) -> tuple[Any, ...]:
        made = type(self).__pydantic_generic_metadata__
        return _unpickled, (made["origin"], made["args"][0], self.__getstate__())


class _CursorPage(_Kept, CursorPage[T], Generic[T]):
    _source: _Source | None = PrivateAttr(default=None)

    def has_next_page(self) -> bool:
        """Whether the server has more, as far as this page tells."""
        cursor = self._cursor
        seen = self._source.cursors if self._source else frozenset[str]()
        ended = "has_more" in self.model_fields_set and not self.has_more
        return cursor is not None and cursor not in seen and not ended

    def next_page_info(self) -> PageInfo | None:
        return PageInfo({"after": self._cursor}) if self.has_next_page() else None

    @property
    def _cursor(self) -> str | None:
        return getattr(self.data[-1], "id", None) if self.data else None

    def _next_call(self) -> tuple[Call[Any], Any]:
        if self._source is None:
            raise UsageError("This page was not read from a server (or was pickled since), so nothing can follow it.")
        if not self.has_next_page():
            raise UsageError(NO_PAGE)
        cursor = cast("str", self._cursor)
        call = replace(self._source.call, query={**self._source.call.query, "after": cursor})
        transport = self._source.transport
        return _following(type(self), call, transport, self._source.cursors | {cursor}), transport


def _unpickled(page: Any, item: Any, state: dict[str, Any]) -> _Kept:
    kind: type[_Kept] = page[item]
    result = kind.__new__(kind)
    result.__setstate__(state)
    return result


def page_call(page: Any, call: Call[Any], transport: object) -> Call[Any]:
    """`call`, answered by a `page` that can find the next one."""
    item = call.returns.__pydantic_generic_metadata__["args"][0]
    return _following(page[item], call, transport, frozenset())


def _following(page: type[Any], call: Call[Any], transport: object, cursors: frozenset[str]) -> Call[Any]:
    def attach(result: Any) -> None:
        if isinstance(result, _CursorPage):
            result._source = _Source(call, transport, cursors)

    return replace(call, returns=page, received=attach)


class SyncCursorPage(_CursorPage[T]):
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


class AsyncCursorPage(_CursorPage[T]):
    """As `SyncCursorPage`, for ``async for``."""

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self.iter_pages())

    def iter_pages(self) -> AsyncPages[Self]:
        """This page, then each that follows."""
        return AsyncPages(_giving(self))

    async def get_next_page(self) -> Self:
        """Fetch the page that follows.

        Raises:
            UsageError: There is none, or this page does not know where it came from.
        """
        call, transport = self._next_call()
        page: Self = (await cast("AsyncTransport", transport).send(call)).parse()
        return page


class _WholePage(_Kept, Page[T], Generic[T]):
    def has_next_page(self) -> Literal[False]:
        return False

    def next_page_info(self) -> PageInfo | None:
        return None


class SyncPage(_WholePage[T]):
    """A list that comes whole, with the methods of one in pages.

    Files were listed so once, and programs of that time say `SyncPage[FileObject]`: it means what such a list is now.
    """

    def __class_getitem__(cls, item: Any) -> Any:
        return SyncCursorPage[FileObject] if item is FileObject else super().__class_getitem__(item)

    def __iter__(self) -> Iterator[T]:  # type: ignore[override] # a page is a list to its users, not a model
        return iter(self.data)

    def iter_pages(self) -> Iterator[Self]:
        yield self

    def get_next_page(self) -> Self:
        raise RuntimeError(NO_PAGE)


class AsyncPage(_WholePage[T]):
    """As `SyncPage`, for ``async for``."""

    def __class_getitem__(cls, item: Any) -> Any:
        return AsyncCursorPage[FileObject] if item is FileObject else super().__class_getitem__(item)

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self.iter_pages())

    def iter_pages(self) -> AsyncPages[Self]:
        return AsyncPages(_giving(self))

    async def get_next_page(self) -> Self:
        raise RuntimeError(NO_PAGE)


def _giving(page: PageT) -> Callable[[], Awaitable[PageT]]:
    async def give() -> PageT:
        return page

    return give


class AsyncPages(Generic[PageT]):
    """Page after page. A class, for an async generator left early is a leak on trio."""

    def __init__(self, first: Callable[[], Awaitable[PageT]]) -> None:
        self._fetch: Callable[[], Awaitable[PageT]] | None = first

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> PageT:
        if self._fetch is None:
            raise StopAsyncIteration
        page = await self._fetch()
        following = cast("Callable[[], Awaitable[PageT]]", page.get_next_page)
        self._fetch = following if page.has_next_page() else None
        return page


class AsyncItems(Generic[T]):
    """Item after item, of page after page."""

    def __init__(self, pages: AsyncPages[Any]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter((await self._pages.__anext__()).data)


class AsyncPaginator(Generic[T, PageT]):
    """What an async list method returns: ``await`` it for the first page, or ``async for`` through all items."""

    def __init__(self, call: Call[PageT], transport: AsyncTransport) -> None:
        self._call, self._transport = call, transport

    def __await__(self) -> Generator[Any, None, PageT]:
        return self._first().__await__()

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(AsyncPages(self._first))

    async def _first(self) -> PageT:
        return (await self._transport.send(self._call)).parse()
