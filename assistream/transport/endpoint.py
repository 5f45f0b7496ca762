"""`@endpoint`, `@binary`, `@listing`, `@unpaged` and `@flow`: operations written once, for every view and colour.

A view is a class that holds a transport. An operation is a function from arguments to a `Call`; on a class that is a
view it is a method, and which kind of view decides what calling it does. A new kind of view (one that streams the
body, say) is a class here and a line in the `forms` here: no operation is touched.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, update_wrapper
from inspect import Parameter
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Generic, ParamSpec, Self, TypeAlias, TypeVar, overload
from weakref import WeakKeyDictionary

from ..types.pages import CursorPage, Page
from ._async import AsyncTransport
from ._sync import Transport
from .binary import HttpxBinaryResponseContent
from .call import Call
from .flows import Flow
from .pagination import AsyncCursorPage, AsyncPage, AsyncPaginator, SyncCursorPage, SyncPage, page_call
from .response import RawResponse
from .signatures import Hint, Keywords, keywords
from .streamed import AsyncResponseContextManager, ResponseContextManager

T = TypeVar("T")
P = ParamSpec("P")
V = TypeVar("V")

VIEWS = "_views"
"""The attribute in which an object keeps the views that were asked for."""


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


class _AnswerView(View):
    """What the other four share: their methods are those whose answer is one HTTP response."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{_why_not(name)}")


class RawView(_AnswerView):
    """Methods return the `RawResponse`; its `parse()` gives the result."""

    _transport: Transport


class AsyncRawView(_AnswerView):
    """As `RawView`; methods are coroutine functions."""

    _transport: AsyncTransport


class StreamingView(_AnswerView):
    """Methods return a context manager, which gives an `APIResponse` whose body is read when the program wants it."""

    _transport: Transport


class AsyncStreamingView(_AnswerView):
    """As `StreamingView`, with an `AsyncAPIResponse`."""

    _transport: AsyncTransport


def _why_not(name: str) -> str:
    if name.startswith("_"):
        return ""
    if name.endswith("stream"):
        return ": what is made for a `with` sends nothing by itself. A bare stream, of `stream=True`, has a raw form."
    return ": what makes several requests, such as polling, has no one answer to show."


class view(Generic[V]):
    """An attribute of a view that is another view, on the same transport: made when it is first asked for, once."""

    def __init__(self, kind: Callable[[Any], V]) -> None:
        self._kind = kind
        self.__doc__ = kind.__doc__

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: object, owner: type) -> V: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        if obj is None:
            return self
        # Not under its name, which would hide what a subclass, or a test, puts in its place.
        made = obj.__dict__.setdefault(VIEWS, {})
        if self not in made:
            made.setdefault(self, self._kind(obj._transport))
        return made[self]


@dataclass(frozen=True)
class _Form:
    """What an operation does on one kind of view."""

    perform: Callable[[Any, Any], Any]
    """From the view's transport, and what the operation's function returned, to what the method returns."""
    returns: str = "{}"
    """How that is told, where the function's own result is told as ``{}``."""
    awaited: bool = False


_Forms: TypeAlias = Mapping[type[View], _Form]


class _Operation(Generic[P, T]):
    """A function of a resource class, and what it says about itself.

    On a view it is a plain function like any other: kept here, for each class on which it was looked up.
    """

    forms: ClassVar[_Forms]

    def __init__(self, build: Callable[Concatenate[Any, P], T]) -> None:
        update_wrapper(self, build)
        # Python's own errors name a function so; the class that it was written in is nobody's business.
        build.__qualname__ = build.__name__
        self._build = build
        self._methods: WeakKeyDictionary[type, Any] = WeakKeyDictionary()

    if TYPE_CHECKING:
        __name__: str

        def __call__(self, view: View, /, *args: P.args, **kwargs: P.kwargs) -> Any:
            """As looked up on a class: ``Assistants.create(client.beta.assistants, ...)``."""

    @cached_property
    def keywords(self) -> Keywords:
        return keywords(self._build)

    def call(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns: for an endpoint its `Call`, and nothing is sent."""
        self.keywords.check(self.__name__, kwargs)
        return self._build(None, *args, **kwargs)

    def _on(self, obj: object, owner: type) -> Any:
        method = self._methods.get(owner)
        if method is None:
            method = self._methods[owner] = self._method(owner)
        return method if obj is None else MethodType(method, obj)

    def _method(self, owner: type) -> Any:
        if not issubclass(owner, View):
            return self
        form = next((form for kind, form in self.forms.items() if issubclass(owner, kind)), None)
        if form is None:
            raise AttributeError(f"{owner.__name__!r} has no {self.__name__!r}{_why_not(self.__name__)}")
        perform, call = form.perform, self.call

        def method(view: Any, /, *args: P.args, **kwargs: P.kwargs) -> Any:
            return perform(view._transport, call(*args, **kwargs))

        async def coroutine_method(view: Any, /, *args: P.args, **kwargs: P.kwargs) -> Any:
            return await perform(view._transport, call(*args, **kwargs))

        return self._dressed(coroutine_method if form.awaited else method, owner, form.returns)

    def _dressed(self, method: Any, owner: type[View], returns: str) -> Any:
        """The method, looking as if it had been written on its class with each keyword by its name."""
        update_wrapper(method, self._build)
        views = [base for base in owner.__mro__ if issubclass(base, View)]
        homes = [base for base in views if inspect.getattr_static(base, self.__name__, None) is self]
        method.__qualname__ = f"{homes[-1].__qualname__}.{self.__name__}"
        method.__doc__ = self.keywords.documented(self._build.__doc__)
        signature = self.keywords.signature
        this = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
        method.__signature__ = signature.replace(
            parameters=[this, *signature.parameters.values()],
            return_annotation=Hint(returns.format(signature.return_annotation)),
        )
        method.call = self.call
        return method


async def _parsed(transport: AsyncTransport, call: Call[T]) -> T:
    return (await transport.send(call)).parse()


class endpoint(_Operation[P, Call[T]], Generic[P, T]):
    """Make a method that builds a `Call` into one that performs it: one call, one answer."""

    forms: ClassVar[_Forms] = {
        Resource: _Form(lambda transport, call: transport.send(call).parse()),
        AsyncResource: _Form(lambda transport, call: _parsed(transport, call), awaited=True),
        RawView: _Form(Transport.send, "RawResponse[{}]"),
        AsyncRawView: _Form(AsyncTransport.send, "RawResponse[{}]", awaited=True),
        StreamingView: _Form(ResponseContextManager, "ResponseContextManager[{}]"),
        AsyncStreamingView: _Form(AsyncResponseContextManager, "AsyncResponseContextManager[{}]"),
    }

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
        return self._on(obj, owner)


def _streamed_bytes(transport: Transport, call: Call[Any]) -> ResponseContextManager[bytes]:
    return ResponseContextManager(transport, replace(call, returns=bytes))


def _async_streamed_bytes(transport: AsyncTransport, call: Call[Any]) -> AsyncResponseContextManager[bytes]:
    return AsyncResponseContextManager(transport, replace(call, returns=bytes))


class binary(_Operation[P, Call[HttpxBinaryResponseContent]]):
    """As `endpoint`, for what is not JSON. Streamed, its `parse()` gives the bytes."""

    forms: ClassVar[_Forms] = {
        **endpoint.forms,
        StreamingView: _Form(_streamed_bytes, "ResponseContextManager[bytes]"),
        AsyncStreamingView: _Form(_async_streamed_bytes, "AsyncResponseContextManager[bytes]"),
    }

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
        return self._on(obj, owner)


def _in_pages(page: type[Any], async_page: type[Any]) -> _Forms:
    """A list, in the pages of either colour."""

    def asked(transport: Transport, call: Call[Any]) -> RawResponse[Any]:
        return transport.send(page_call(page, call, transport))

    async def async_asked(transport: AsyncTransport, call: Call[Any]) -> RawResponse[Any]:
        return await transport.send(page_call(async_page, call, transport))

    def paginated(transport: AsyncTransport, call: Call[Any]) -> AsyncPaginator[Any, Any]:
        return AsyncPaginator(page_call(async_page, call, transport), transport)

    def streamed(transport: Transport, call: Call[Any]) -> ResponseContextManager[Any]:
        return ResponseContextManager(transport, page_call(page, call, transport))

    def async_streamed(transport: AsyncTransport, call: Call[Any]) -> AsyncResponseContextManager[Any]:
        return AsyncResponseContextManager(transport, page_call(async_page, call, transport))

    return {
        Resource: _Form(lambda transport, call: asked(transport, call).parse(), "Sync{}"),
        AsyncResource: _Form(paginated, "AsyncPaginator[Async{}]"),
        RawView: _Form(asked, "RawResponse[Sync{}]"),
        AsyncRawView: _Form(async_asked, "RawResponse[Async{}]", awaited=True),
        StreamingView: _Form(streamed, "ResponseContextManager[Sync{}]"),
        AsyncStreamingView: _Form(async_streamed, "AsyncResponseContextManager[Async{}]"),
    }


class listing(_Operation[P, Call[CursorPage[T]]], Generic[P, T]):
    """As `endpoint`, for a list in pages: the page that is returned finds the next one by itself."""

    forms: ClassVar[_Forms] = _in_pages(SyncCursorPage, AsyncCursorPage)

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
        return self._on(obj, owner)


class unpaged(_Operation[P, Call[Page[T]]], Generic[P, T]):
    """As `listing`, for a list that comes whole."""

    forms: ClassVar[_Forms] = _in_pages(SyncPage, AsyncPage)

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
        return self._on(obj, owner)


class flow(_Operation[P, Flow[T]]):
    """Make a method that is a `Flow` into one that runs it."""

    forms: ClassVar[_Forms] = {Resource: _Form(Transport.run), AsyncResource: _Form(AsyncTransport.run, awaited=True)}

    @overload
    def __get__(self, obj: None, owner: type) -> Self: ...
    @overload
    def __get__(self, obj: Resource, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, obj: AsyncResource, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, obj: Any, owner: type) -> Any:
        return self._on(obj, owner)
