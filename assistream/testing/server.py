"""`ScriptedServer`: a real server whose model says what a test tells it to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from contextvars import Context
from types import TracebackType
from typing import Any, NamedTuple, NoReturn, Self, TypeVar, overload

import anyio.to_thread
from starlette.types import ASGIApp

from ..client import AsyncClient, Client
from ..engine import Engine, ModelRequest
from ..engine.lifecycle import Document
from ..engine.runner import UNDER_WAY
from ..engine.tables import RUNS
from ..engine.views.call import Services
from ..errors import ConfigurationError, StreamUsageError, UsageError
from ..handlers import AssistantEventHandler, AsyncAssistantEventHandler
from ..streaming import AssistantStreamManager
from ..types import Assistant, Thread
from .describe import waiting
from .script import Scene, Script
from .wire import Around, LoggedRequest, Wire, claimed

H = TypeVar("H", bound=AssistantEventHandler)
AH = TypeVar("AH", bound=AsyncAssistantEventHandler)

PATIENCE = 2.0
"""Seconds that runs get to end before they count as left over: a run goes on when its connection is lost."""


class Output(NamedTuple):
    """What a program answered to a call: equal to a plain ``("get_weather", "rain")``."""

    function: str
    output: str


class ScriptedServer:
    """An Assistants server for one test: real HTTP on this machine, and a model that plays these turns, in order.

    ::

        with ScriptedServer(calls(get_weather={"city": "Oslo"}), says("It rains.")) as server:
            with server.stream("Weather?", event_handler=Mine(), tools=[get_weather]) as stream:
                stream.until_done()
        assert server.outputs == [("get_weather", "rain")]

    A program under test takes ``server.client()``, or an address: ``server.base_url``. It may be synchronous, or run
    on asyncio or trio. Leaving the ``with`` checks what `assert_done` does, unless an exception leaves it, or ``check``
    was set to False; and then closes everything.
    """

    def __init__(self, *script: Scene, check: bool = True, run_ttl: float = 600.0) -> None:
        self.check = check
        self.log: list[LoggedRequest] = []
        """Every request that came, as it was sent."""
        self._script = Script(claimed)
        self._engine = _Engine(self._script, self.log, run_ttl)
        self._open = ExitStack()
        self._own: Client | None = None
        self._assistants: dict[tuple[str, ...], Assistant] = {}
        self.script(*script)

    def script(self, *turns: Scene) -> None:
        """More turns, for after those that are there."""
        self._script.add(*turns)

    @property
    def base_url(self) -> str:
        return self._engine.base_url

    def client(self, **options: Any) -> Client:
        """A client for this server; it is closed with it. Any option of `Client` may be given.

        It does not retry unless it is told to, so that a test sees each failure that it scripted.
        """
        return self._open.enter_context(Client(**self._options(options)))

    def async_client(self, **options: Any) -> AsyncClient:
        """As `client`, for an ``async with``, which closes it."""
        return AsyncClient(**self._options(options))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"base_url": self.base_url, "api_key": "test", "max_retries": 0} | options

    @property
    def assistant(self) -> Assistant:
        """An assistant that has the functions which the script calls, with any arguments."""
        names = tuple(self._script.names)
        if names not in self._assistants:
            tools: list[Any] = [{"type": "function", "function": {"name": name}} for name in names]
            made = self._client.beta.assistants.create(model="scripted", name="Scripted", tools=tools)
            self._assistants[names] = made
        return self._assistants[names]

    def thread(self, message: str = "Hello.") -> Thread:
        """A new thread, with this message of a user in it."""
        return self._client.beta.threads.create(messages=[{"role": "user", "content": message}])

    @property
    def _client(self) -> Client:
        self._own = self._own or self.client()
        return self._own

    @overload
    def stream(
        self, message: str = "Hello.", *, event_handler: None = None, **params: Any
    ) -> AssistantStreamManager[AssistantEventHandler]: ...
    @overload
    def stream(
        self, message: str = "Hello.", *, event_handler: H | Sequence[H], **params: Any
    ) -> AssistantStreamManager[H]: ...
    def stream(
        self, message: str = "Hello.", *, event_handler: Any = None, **params: Any
    ) -> AssistantStreamManager[Any]:
        """``runs.create_and_stream`` on a new thread, with `assistant` and what else is given."""
        params = {"thread_id": self.thread(message).id, "assistant_id": self.assistant.id} | params
        return self._client.beta.threads.runs.create_and_stream(event_handler=event_handler, **params)

    @overload
    def async_stream(
        self, message: str = "Hello.", *, event_handler: None = None, **params: Any
    ) -> AbstractAsyncContextManager[AsyncAssistantEventHandler]: ...
    @overload
    def async_stream(
        self, message: str = "Hello.", *, event_handler: AH | Sequence[AH], **params: Any
    ) -> AbstractAsyncContextManager[AH]: ...
    def async_stream(
        self, message: str = "Hello.", *, event_handler: Any = None, **params: Any
    ) -> AbstractAsyncContextManager[Any]:
        """As `stream`, for an ``async with``, through a client of its own."""
        return _AsyncOnly(self._async_stream(message, {"event_handler": event_handler} | params))

    @contextlib.asynccontextmanager
    async def _async_stream(self, message: str, params: dict[str, Any]) -> AsyncGenerator[Any]:
        thread = await anyio.to_thread.run_sync(self.thread, message)
        assistant = await anyio.to_thread.run_sync(lambda: self.assistant)
        params = {"thread_id": thread.id, "assistant_id": assistant.id} | params
        async with self.async_client() as client, client.beta.threads.runs.create_and_stream(**params) as stream:
            yield stream

    @property
    def requests(self) -> list[ModelRequest]:
        """What the model was asked, each time: ``requests[-1].messages``, ``.tools``, ..."""
        return list(self._script.model.requests)

    @property
    def outputs(self) -> list[Output]:
        """The tool outputs that programs submitted, in that order, where the server accepted them."""
        return list(self._outputs())

    def _outputs(self) -> Iterator[Output]:
        for request in list(self.log):
            if request.path.endswith("/submit_tool_outputs") and (request.status or 500) < 400:
                for given in request.body["tool_outputs"]:
                    call: str = given["tool_call_id"]
                    yield Output(self._script.functions.get(call, call), given.get("output") or "")

    def assert_done(self, timeout: float = PATIENCE) -> None:
        """Everything scripted has happened, nothing else was asked for, and no run is left unfinished.

        Runs that are in progress get ``timeout`` seconds to end.

        Raises:
            AssertionError: It says what is left, line by line.
        """
        __tracebackhide__ = True
        left = self._engine.left_over(timeout)
        if complaints := [*self._script.complaints(), *map(waiting, left)]:
            told = "\n  - ".join(["The script was not played as it is written:", *complaints])
            raise AssertionError(told) from self._script.error

    def __enter__(self) -> Self:
        self._engine.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        try:
            if kind is None and self.check:
                self.assert_done()
        finally:
            self.close()

    def close(self) -> None:
        """Closes the clients and the server, and checks nothing."""
        try:
            self._open.close()
        finally:
            self._engine.close()


class _AsyncOnly(AbstractAsyncContextManager[Any]):
    """Says what is wrong where ``async`` was forgotten."""

    def __init__(self, stream: AbstractAsyncContextManager[Any]) -> None:
        self._stream = stream

    async def __aenter__(self) -> Any:
        return await self._stream.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        return await self._stream.__aexit__(kind, error, traceback)

    def __enter__(self) -> NoReturn:
        raise StreamUsageError("async_stream() is for `async with`; in a `with`, use stream().")

    def __exit__(self, *exc: object) -> None:
        """Never called: but without it, the language would complain before we can."""


class _Engine(Engine):
    """An engine that can be looked into."""

    def __init__(self, script: Script, log: list[LoggedRequest], run_ttl: float) -> None:
        super().__init__(model=script.model, run_ttl=run_ttl)
        self._script, self._log = script, log
        self._services: Services | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def base_url(self) -> str:
        if not self._runs():
            raise ConfigurationError("The server is not running: use it as `with ScriptedServer(...) as server:`.")
        return super().base_url

    def _app(self, services: Services) -> ASGIApp:
        self._services, self._loop = services, asyncio.get_running_loop()
        return Wire(super()._app(services), self._script, self._log, Around(self._transport, services.runner.published))

    def _transport(self, client: object) -> asyncio.Transport | None:
        transports = [one.transport for one in self._server.server_state.connections] if self._server else []
        return next((one for one in transports if one.get_extra_info("peername") == client), None)

    def left_over(self, timeout: float) -> list[Document]:
        """The runs that are not over, when those in progress have had this time to end."""
        if not self._runs() or not self._services or not self._loop:
            raise UsageError(
                "The scripted server is closed, so nothing is known of its runs: ask inside of its `with`."
            )
        # Without the caller's context, which may say that it is on trio: the engine is not.
        unfinished = _unfinished(self._services, timeout)
        return Context().run(asyncio.run_coroutine_threadsafe, unfinished, self._loop).result()


async def _unfinished(services: Services, timeout: float) -> list[Document]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while True:
        async with services.store.transaction() as transaction:
            active = await transaction.all(RUNS, status=UNDER_WAY)
        if all(run["status"] == "requires_action" for run in active) or loop.time() > deadline:
            return active
        await asyncio.sleep(0.005)
