"""`@endpoint`, `@binary`, `@listing`, `@unpaged` and `@flow`: operations written once, for every view and colour.

A view is a class that holds a transport. An operation is a function from arguments to a `Call`; which view it is
looked up on decides what calling it does. A new kind of view (one that streams the body, say) is a class here and a
branch in `__get__` here: no operation is touched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import cached_property
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from ..types.pages import CursorPage, Page
from ._async import AsyncTransport
from ._sync import Transport
from .binary import HttpxBinaryResponseContent
from .call import Call
from .flows import Flow
from .pagination import AsyncCursorPage, AsyncPage, AsyncPaginator, SyncCursorPage, SyncPage, page_call
from .response import RawResponse
from .signatures import Keywords, keywords
from .streamed import AsyncResponseContextManager, ResponseContextManager

T = TypeVar("T")
P = ParamSpec("P")
V = TypeVar("V")


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
    """Methods return the `RawResponse`; its `parse()` gives the result."""

    _transport: Transport


class AsyncRawView(View):
    """As `RawView`; methods are coroutine functions."""

    _transport: AsyncTransport


class StreamingView(View):
    """Methods return a context manager, which gives an `APIResponse` whose body is read when the program wants it."""

    _transport: Transport


class AsyncStreamingView(View):
    """As `StreamingView`, with an `AsyncAPIResponse`."""

    _transport: AsyncTransport


class view(Generic[V]):
    """An attribute of a view that is another view, on the same transport: made when it is first asked for, once."""

    def __init__(self, kind: Callable[[Any], V]) -> None:
        self._kind = kind
        self.__doc__ = kind.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: object, owner: type) -> V: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        if obj is None:
            return self
        made = obj.__dict__[self._name] = self._kind(obj._transport)
        return made


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

    def _dressed(self, perform: Any, returns: str) -> Any:
        """A function that looks like the one that was written."""
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(perform, name, getattr(self._build, name))
        signature = self.keywords.signature
        shown = returns.format(signature.return_annotation)
        perform.__signature__ = signature.replace(return_annotation=shown)
        return perform

    def _bind(self, obj: View, perform: Callable[[Any, T], Any], returns: str = "{}") -> Any:
        transport = obj._transport

        def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return perform(transport, self.call(*args, **kwargs))

        return self._kept(obj, bound, returns)

    def _bind_async(self, obj: View, perform: Callable[[Any, T], Awaitable[Any]], returns: str = "{}") -> Any:
        transport = obj._transport

        async def bound(*args: P.args, **kwargs: P.kwargs) -> Any:
            return await perform(transport, self.call(*args, **kwargs))

        return self._kept(obj, bound, returns)

    def _kept(self, obj: View, bound: Any, returns: str) -> Any:
        method = obj.__dict__[self.__name__] = self._dressed(bound, returns)
        return method


class _Endpoint(_Operation[P, Call[T]], Generic[P, T]):
    """One call, one answer."""

    def _performed_on(self, obj: object) -> Any:
        match obj:
            case Resource():
                return self._bind(obj, _parsed)
            case AsyncResource():
                return self._bind_async(obj, _async_parsed)
            case RawView():
                return self._bind(obj, Transport.send, "RawResponse[{}]")
            case AsyncRawView():
                return self._bind_async(obj, AsyncTransport.send, "RawResponse[{}]")
            case StreamingView():
                return self._bind(obj, ResponseContextManager, "ResponseContextManager[{}]")
            case AsyncStreamingView():
                return self._bind(obj, AsyncResponseContextManager, "AsyncResponseContextManager[{}]")
            case _:
                return self


class endpoint(_Endpoint[P, T]):
    """Make a method that builds a `Call` into one that performs it."""

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, obj: AsyncResource, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, obj: RawView, owner: type) -> Callable[P, RawResponse[T]]: ...
    @overload
    def __get__(self, obj: AsyncRawView, owner: type) -> Callable[P, Coroutine[Any, Any, RawResponse[T]]]: ...
    @overload
    def __get__(self, obj: StreamingView, owner: type) -> Callable[P, ResponseContextManager[T]]: ...
    @overload
    def __get__(self, obj: AsyncStreamingView, owner: type) -> Callable[P, AsyncResponseContextManager[T]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        return self._performed_on(obj)


class binary(_Endpoint[P, HttpxBinaryResponseContent]):
    """As `endpoint`, for what is not JSON. Streamed, its `parse()` gives the bytes."""

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> Callable[P, HttpxBinaryResponseContent]: ...
    @overload
    def __get__(
        self, obj: AsyncResource, owner: type
    ) -> Callable[P, Coroutine[Any, Any, HttpxBinaryResponseContent]]: ...
    @overload
    def __get__(self, obj: RawView, owner: type) -> Callable[P, RawResponse[HttpxBinaryResponseContent]]: ...
    @overload
    def __get__(
        self, obj: AsyncRawView, owner: type
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[HttpxBinaryResponseContent]]]: ...
    @overload
    def __get__(self, obj: StreamingView, owner: type) -> Callable[P, ResponseContextManager[bytes]]: ...
    @overload
    def __get__(self, obj: AsyncStreamingView, owner: type) -> Callable[P, AsyncResponseContextManager[bytes]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        match obj:
            case StreamingView():
                return self._bind(obj, _streamed_bytes, "ResponseContextManager[bytes]")
            case AsyncStreamingView():
                return self._bind(obj, _async_streamed_bytes, "AsyncResponseContextManager[bytes]")
            case _:
                return self._performed_on(obj)


class _Listing(_Operation[P, Call[Any]]):
    """A list, in the pages of either colour."""

    pages: tuple[type[Any], type[Any]]

    def _seen_on(self, obj: object) -> Any:
        match obj:
            case Resource():
                return self._bind(obj, self._first_page, "Sync{}")
            case AsyncResource():
                return self._bind(obj, self._paginator, "AsyncPaginator[Async{}]")
            case RawView():
                return self._bind(obj, self._raw_page, "RawResponse[Sync{}]")
            case AsyncRawView():
                return self._bind_async(obj, self._async_raw_page, "RawResponse[Async{}]")
            case StreamingView():
                return self._bind(obj, self._streamed_page, "ResponseContextManager[Sync{}]")
            case AsyncStreamingView():
                return self._bind(obj, self._async_streamed_page, "AsyncResponseContextManager[Async{}]")
            case _:
                return self

    def _first_page(self, transport: Transport, call: Call[Any]) -> Any:
        return self._raw_page(transport, call).parse()

    def _paginator(self, transport: AsyncTransport, call: Call[Any]) -> AsyncPaginator[Any, Any]:
        return AsyncPaginator(page_call(self.pages[1], call, transport), transport)

    def _raw_page(self, transport: Transport, call: Call[Any]) -> RawResponse[Any]:
        return transport.send(page_call(self.pages[0], call, transport))

    async def _async_raw_page(self, transport: AsyncTransport, call: Call[Any]) -> RawResponse[Any]:
        return await transport.send(page_call(self.pages[1], call, transport))

    def _streamed_page(self, transport: Transport, call: Call[Any]) -> ResponseContextManager[Any]:
        return ResponseContextManager(transport, page_call(self.pages[0], call, transport))

    def _async_streamed_page(self, transport: AsyncTransport, call: Call[Any]) -> AsyncResponseContextManager[Any]:
        return AsyncResponseContextManager(transport, page_call(self.pages[1], call, transport))


class listing(_Listing[P], Generic[P, T]):
    """As `endpoint`, for a list in pages: the page that is returned finds the next one by itself."""

    pages: tuple[type[Any], type[Any]] = SyncCursorPage, AsyncCursorPage

    def __init__(self, build: Callable[Concatenate[Any, P], Call[CursorPage[T]]]) -> None:
        super().__init__(build)

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> Callable[P, SyncCursorPage[T]]: ...
    @overload
    def __get__(self, obj: AsyncResource, owner: type) -> Callable[P, AsyncPaginator[T, AsyncCursorPage[T]]]: ...
    @overload
    def __get__(self, obj: RawView, owner: type) -> Callable[P, RawResponse[SyncCursorPage[T]]]: ...
    @overload
    def __get__(
        self, obj: AsyncRawView, owner: type
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[AsyncCursorPage[T]]]]: ...
    @overload
    def __get__(self, obj: StreamingView, owner: type) -> Callable[P, ResponseContextManager[SyncCursorPage[T]]]: ...
    @overload
    def __get__(
        self, obj: AsyncStreamingView, owner: type
    ) -> Callable[P, AsyncResponseContextManager[AsyncCursorPage[T]]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        return self._seen_on(obj)


class unpaged(_Listing[P], Generic[P, T]):
    """As `listing`, for a list that comes whole."""

    pages: tuple[type[Any], type[Any]] = SyncPage, AsyncPage

    def __init__(self, build: Callable[Concatenate[Any, P], Call[Page[T]]]) -> None:
        super().__init__(build)

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> Callable[P, SyncPage[T]]: ...
    @overload
    def __get__(self, obj: AsyncResource, owner: type) -> Callable[P, AsyncPaginator[T, AsyncPage[T]]]: ...
    @overload
    def __get__(self, obj: RawView, owner: type) -> Callable[P, RawResponse[SyncPage[T]]]: ...
    @overload
    def __get__(
        self, obj: AsyncRawView, owner: type
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[AsyncPage[T]]]]: ...
    @overload
    def __get__(self, obj: StreamingView, owner: type) -> Callable[P, ResponseContextManager[SyncPage[T]]]: ...
    @overload
    def __get__(
        self, obj: AsyncStreamingView, owner: type
    ) -> Callable[P, AsyncResponseContextManager[AsyncPage[T]]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        return self._seen_on(obj)


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
                return self._bind(obj, Transport.run)
            case AsyncResource():
                return self._bind_async(obj, AsyncTransport.run)
            case None:
                return self
            case _:
                raise AttributeError(f"{self.__name__} makes several requests, so it has no one answer to show raw.")


def _parsed(transport: Transport, call: Call[T]) -> T:
    return transport.send(call).parse()


async def _async_parsed(transport: AsyncTransport, call: Call[T]) -> T:
    return (await transport.send(call)).parse()


def _streamed_bytes(transport: Transport, call: Call[Any]) -> ResponseContextManager[bytes]:
    return ResponseContextManager(transport, replace(call, returns=bytes))


def _async_streamed_bytes(transport: AsyncTransport, call: Call[Any]) -> AsyncResponseContextManager[bytes]:
    return AsyncResponseContextManager(transport, replace(call, returns=bytes))
