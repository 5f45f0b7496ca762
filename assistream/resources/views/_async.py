"""The same operations as in the module above, whose answers are looked at before they are parsed."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias, Unpack, overload

from ...streaming import AsyncStream
from ...transport._async import AsyncBody, AsyncTransport
from ...transport.call import Call
from ...transport.endpoint import AsyncRawView, AsyncStreamingView, view
from ...transport.response import RawResponse
from ...transport.signatures import checked
from ...transport.streamed._async import AsyncAPIResponse, AsyncResponseContextManager
from ...types import AssistantStreamEvent, Run
from ...types.base import Omittable
from ...types.params import RunCreateParams, RunSubmitToolOutputsParams, ThreadCreateAndRunParams
from ..messages import AsyncMessagesWithRawResponse, AsyncMessagesWithStreamingResponse
from ..runs import RunEndpoints, StreamableRunEndpoints
from ..steps import AsyncStepsWithRawResponse, AsyncStepsWithStreamingResponse
from ..threads import StreamableThreadEndpoints, ThreadEndpoints

NotStreamed: TypeAlias = Omittable[Literal[False] | None]
MaybeStreamed: TypeAlias = Omittable[bool | None]
AsyncEvents: TypeAlias = AsyncStream[AssistantStreamEvent]
AsyncOpening: TypeAlias = AsyncResponseContextManager[Any]

_create = StreamableRunEndpoints.create.call
_submit = StreamableRunEndpoints.submit_tool_outputs.call
_create_and_run = StreamableThreadEndpoints.create_and_run.call


class AsyncRunsWithRawResponse(RunEndpoints, AsyncRawView):
    """As `AsyncRuns`, answering with `RawResponse` objects."""

    steps: Final = view(AsyncStepsWithRawResponse)

    @overload
    async def create(
        self,
        thread_id: str,
        *,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> RawResponse[Run]: ...
    @overload
    async def create(
        self, thread_id: str, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> RawResponse[AsyncEvents]: ...
    @overload
    async def create(
        self, thread_id: str, *, stream: bool, allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> RawResponse[Run] | RawResponse[AsyncEvents]: ...
    @checked
    async def create(
        self,
        thread_id: str,
        *,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> RawResponse[Any]:
        """Start a run."""
        return await _raw(self._transport, _create(thread_id, **params), stream, allow_truncated)

    @overload
    async def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> RawResponse[Run]: ...
    @overload
    async def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: Literal[True],
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> RawResponse[AsyncEvents]: ...
    @overload
    async def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: bool,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> RawResponse[Run] | RawResponse[AsyncEvents]: ...
    @checked
    async def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> RawResponse[Any]:
        """Answer the tool calls of a run."""
        return await _raw(self._transport, _submit(run_id, thread_id=thread_id, **params), stream, allow_truncated)


class AsyncThreadsWithRawResponse(ThreadEndpoints, AsyncRawView):
    """As `AsyncThreads`, answering with `RawResponse` objects."""

    messages: Final = view(AsyncMessagesWithRawResponse)
    runs: Final = view(AsyncRunsWithRawResponse)

    @overload
    async def create_and_run(
        self, *, stream: NotStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> RawResponse[Run]: ...
    @overload
    async def create_and_run(
        self, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> RawResponse[AsyncEvents]: ...
    @overload
    async def create_and_run(
        self, *, stream: bool, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> RawResponse[Run] | RawResponse[AsyncEvents]: ...
    @checked
    async def create_and_run(
        self, *, stream: MaybeStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> RawResponse[Any]:
        """Make a thread and start a run on it."""
        return await _raw(self._transport, _create_and_run(**params), stream, allow_truncated)


class AsyncRunsWithStreamingResponse(RunEndpoints, AsyncStreamingView):
    """As `AsyncRuns`, answering with context managers that give `AsyncAPIResponse` objects."""

    steps: Final = view(AsyncStepsWithStreamingResponse)

    @overload
    def create(
        self,
        thread_id: str,
        *,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> AsyncResponseContextManager[Run]: ...
    @overload
    def create(
        self, thread_id: str, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> AsyncResponseContextManager[AsyncEvents]: ...
    @overload
    def create(
        self, thread_id: str, *, stream: bool, allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> AsyncResponseContextManager[Run] | AsyncResponseContextManager[AsyncEvents]: ...
    @checked
    def create(
        self,
        thread_id: str,
        *,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> AsyncOpening:
        """Start a run."""
        return _opening(self._transport, _create(thread_id, **params), stream, allow_truncated)

    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> AsyncResponseContextManager[Run]: ...
    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: Literal[True],
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> AsyncResponseContextManager[AsyncEvents]: ...
    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: bool,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> AsyncResponseContextManager[Run] | AsyncResponseContextManager[AsyncEvents]: ...
    @checked
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> AsyncOpening:
        """Answer the tool calls of a run."""
        return _opening(self._transport, _submit(run_id, thread_id=thread_id, **params), stream, allow_truncated)


class AsyncThreadsWithStreamingResponse(ThreadEndpoints, AsyncStreamingView):
    """As `AsyncThreads`, answering with context managers that give `AsyncAPIResponse` objects."""

    messages: Final = view(AsyncMessagesWithStreamingResponse)
    runs: Final = view(AsyncRunsWithStreamingResponse)

    @overload
    def create_and_run(
        self, *, stream: NotStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> AsyncResponseContextManager[Run]: ...
    @overload
    def create_and_run(
        self, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> AsyncResponseContextManager[AsyncEvents]: ...
    @overload
    def create_and_run(
        self, *, stream: bool, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> AsyncResponseContextManager[Run] | AsyncResponseContextManager[AsyncEvents]: ...
    @checked
    def create_and_run(
        self, *, stream: MaybeStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> AsyncOpening:
        """Make a thread and start a run on it."""
        return _opening(self._transport, _create_and_run(**params), stream, allow_truncated)


class AsyncEventsContextManager(AsyncResponseContextManager[AsyncEvents]):
    """Opens a stream of events; its answer parses to that stream."""

    allow_truncated = False

    async def _answer(self, body: AsyncBody) -> AsyncAPIResponse[AsyncEvents]:
        limit = self._transport.settings.max_event_size
        events = AsyncStream.over(body, limit, self.allow_truncated)
        return AsyncAPIResponse(body, self._call, result=events)


async def _raw(
    transport: AsyncTransport, call: Call[Run], stream: MaybeStreamed, allow_truncated: bool
) -> RawResponse[Any]:
    if not stream:
        return await transport.send(call.unstreamed(stream))
    opened = await AsyncStream.open(transport, call.streamed(), allow_truncated=allow_truncated)
    return RawResponse(opened.response, call, result=opened)


def _opening(transport: AsyncTransport, call: Call[Run], stream: MaybeStreamed, allow_truncated: bool) -> AsyncOpening:
    if not stream:
        return AsyncResponseContextManager(transport, call.unstreamed(stream))
    opening = AsyncEventsContextManager(transport, call.streamed())
    opening.allow_truncated = allow_truncated
    return opening
