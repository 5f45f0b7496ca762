"""`@endpoint`, `@listing` and `@flow`: an operation is written once and works in every view and colour.

A view is a class that holds a transport. An operation is a function from arguments to a `Call`; which view it is
looked up on decides what calling it does. A new kind of view (one that streams the body, say) is a class here and a
branch in `endpoint.__get__`: no operation is touched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import cached_property
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from ..types.pages import CursorPage
from ._async import AsyncTransport
from ._sync import Transport
from .call import Call, Flow
from .pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage, page_call
from .response import APIResponse
from .signatures import Keywords, keywords

T = TypeVar("T")
P = ParamSpec("P")


class View:
    """What all views share."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport


class Resource(View):
    """Methods perform their call and return the result."""

    _transport: Transport


class AsyncResource(View):
    """As `Resource`; methods are coroutine functions."""

    _transport: AsyncTransport


class RawView(View):
    """Methods return the `APIResponse`; its `parse()` gives the result."""

    _transport: Transport


class AsyncRawView(View):
    """As `RawView`; methods are coroutine functions."""

    _transport: AsyncTransport


class _Operation(Generic[P, T]):
    """A function of a resource class, and what it says about itself."""

    def __init__(self, build: Callable[Concatenate[Any, P], T]) -> None:
        self._build = build
        self.__doc__ = build.__doc__
        self.__name__: str = build.__name__

    @cached_property
    def keywords(self) -> Keywords:
        return keywords(self._build)

    def call(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns: for an endpoint its `Call`, and nothing is sent."""
        self.keywords.check(self.__name__, kwargs)
        return self._build(None, *args, **kwargs)

    def _dressed(self, perform: Any) -> Any:
        """A function that looks like the one that was written."""
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(perform, name, getattr(self._build, name))
        perform.__signature__ = self.keywords.signature
        return perform

    def _bind(self, transport: Any, perform: Callable[[Any, T], Any]) -> Any:
        def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return perform(transport, self.call(*args, **kwargs))

        return self._dressed(bound)

    def _bind_async(self, transport: Any, perform: Callable[[Any, T], Awaitable[Any]]) -> Any:
        async def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return await perform(transport, self.call(*args, **kwargs))

        return self._dressed(bound)


class endpoint(_Operation[P, Call[T]]):
    """Make a method that builds a `Call` into one that performs it."""

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, obj: AsyncResource, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, obj: RawView, owner: type) -> Callable[P, APIResponse[T]]: ...
    @overload
    def __get__(self, obj: AsyncRawView, owner: type) -> Callable[P, Coroutine[Any, Any, APIResponse[T]]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        match obj:
            case Resource():
                return self._bind(obj._transport, _parsed)
            case AsyncResource():
                return self._bind_async(obj._transport, _async_parsed)
            case RawView():
                return self._bind(obj._transport, Transport.send)
            case AsyncRawView():
                return self._bind_async(obj._transport, AsyncTransport.send)
            case _:
                return self


class listing(_Operation[P, Call[CursorPage[T]]]):
    """As `endpoint`, for a list: the page that is returned finds the next one by itself."""

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> Callable[P, SyncCursorPage[T]]: ...
    @overload
    def __get__(self, obj: AsyncResource, owner: type) -> Callable[P, AsyncPaginator[T]]: ...
    @overload
    def __get__(self, obj: RawView, owner: type) -> Callable[P, APIResponse[SyncCursorPage[T]]]: ...
    @overload
    def __get__(
        self, obj: AsyncRawView, owner: type
    ) -> Callable[P, Coroutine[Any, Any, APIResponse[AsyncCursorPage[T]]]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        match obj:
            case Resource():
                return self._bind(obj._transport, _page)
            case AsyncResource():
                return self._bind(obj._transport, _paginator)
            case RawView():
                return self._bind(obj._transport, _raw_page)
            case AsyncRawView():
                return self._bind_async(obj._transport, _async_raw_page)
            case _:
                return self


class flow(_Operation[P, Flow[T]]):
    """Make a method that is a `Flow` into one that runs it."""

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, obj: AsyncResource, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        match obj:
            case Resource():
                return self._bind(obj._transport, Transport.run)
            case AsyncResource():
                return self._bind_async(obj._transport, AsyncTransport.run)
            case None:
                return self
            case _:
                raise AttributeError(f"{self.__name__} makes several requests, so it has no one answer to show raw.")


def _parsed(transport: Transport, call: Call[T]) -> T:
    return transport.send(call).parse()


async def _async_parsed(transport: AsyncTransport, call: Call[T]) -> T:
    return (await transport.send(call)).parse()


def _page(transport: Transport, call: Call[CursorPage[T]]) -> SyncCursorPage[T]:
    return _raw_page(transport, call).parse()


def _raw_page(transport: Transport, call: Call[CursorPage[T]]) -> APIResponse[SyncCursorPage[T]]:
    return transport.send(page_call(SyncCursorPage, call, transport))


def _paginator(transport: AsyncTransport, call: Call[CursorPage[T]]) -> AsyncPaginator[T]:
    return AsyncPaginator(page_call(AsyncCursorPage, call, transport), transport)


async def _async_raw_page(transport: AsyncTransport, call: Call[CursorPage[T]]) -> APIResponse[AsyncCursorPage[T]]:
    return await transport.send(page_call(AsyncCursorPage, call, transport))
