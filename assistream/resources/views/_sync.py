# Written by scripts/unasync.py from _async.py; edit that file instead.
"""The same operations as in the module above, whose answers are looked at before they are parsed."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias, Unpack, overload

from ...streaming import Stream
from ...transport._sync import Body, Transport
from ...transport.call import Call
from ...transport.endpoint import RawView, StreamingView, view
from ...transport.response import RawResponse
from ...transport.signatures import checked
from ...transport.streamed._sync import APIResponse, ResponseContextManager
from ...types import AssistantStreamEvent, Run
from ...types.base import Omittable
from ...types.params import RunCreateParams, RunSubmitToolOutputsParams, ThreadCreateAndRunParams
from ..messages import MessagesWithRawResponse, MessagesWithStreamingResponse
from ..runs import RunEndpoints, StreamableRunEndpoints
from ..steps import StepsWithRawResponse, StepsWithStreamingResponse
from ..threads import StreamableThreadEndpoints, ThreadEndpoints

NotStreamed: TypeAlias = Omittable[Literal[False] | None]
MaybeStreamed: TypeAlias = Omittable[bool | None]
Events: TypeAlias = Stream[AssistantStreamEvent]
Opening: TypeAlias = ResponseContextManager[Any]

_create = StreamableRunEndpoints.create.call
_submit = StreamableRunEndpoints.submit_tool_outputs.call
_create_and_run = StreamableThreadEndpoints.create_and_run.call


class RunsWithRawResponse(RunEndpoints, RawView):
    """As `Runs`, answering with `RawResponse` objects."""

    steps: Final = view(StepsWithRawResponse)

    @overload
    def create(
        self,
        thread_id: str,
        *,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> RawResponse[Run]: ...
    @overload
    def create(
        self, thread_id: str, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> RawResponse[Events]: ...
    @overload
    def create(
        self, thread_id: str, *, stream: bool, allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> RawResponse[Run] | RawResponse[Events]: ...
    @checked
    def create(
        self,
        thread_id: str,
        *,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> RawResponse[Any]:
        """Start a run."""
        return _raw(self._transport, _create(thread_id, **params), stream, allow_truncated)

    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> RawResponse[Run]: ...
    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: Literal[True],
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> RawResponse[Events]: ...
    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: bool,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> RawResponse[Run] | RawResponse[Events]: ...
    @checked
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> RawResponse[Any]:
        """Answer the tool calls of a run."""
        return _raw(self._transport, _submit(run_id, thread_id=thread_id, **params), stream, allow_truncated)


class ThreadsWithRawResponse(ThreadEndpoints, RawView):
    """As `Threads`, answering with `RawResponse` objects."""

    messages: Final = view(MessagesWithRawResponse)
    runs: Final = view(RunsWithRawResponse)

    @overload
    def create_and_run(
        self, *, stream: NotStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> RawResponse[Run]: ...
    @overload
    def create_and_run(
        self, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> RawResponse[Events]: ...
    @overload
    def create_and_run(
        self, *, stream: bool, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> RawResponse[Run] | RawResponse[Events]: ...
    @checked
    def create_and_run(
        self, *, stream: MaybeStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> RawResponse[Any]:
        """Make a thread and start a run on it."""
        return _raw(self._transport, _create_and_run(**params), stream, allow_truncated)


class RunsWithStreamingResponse(RunEndpoints, StreamingView):
    """As `Runs`, answering with context managers that give `APIResponse` objects."""

    steps: Final = view(StepsWithStreamingResponse)

    @overload
    def create(
        self,
        thread_id: str,
        *,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> ResponseContextManager[Run]: ...
    @overload
    def create(
        self, thread_id: str, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> ResponseContextManager[Events]: ...
    @overload
    def create(
        self, thread_id: str, *, stream: bool, allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> ResponseContextManager[Run] | ResponseContextManager[Events]: ...
    @checked
    def create(
        self,
        thread_id: str,
        *,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> Opening:
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
    ) -> ResponseContextManager[Run]: ...
    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: Literal[True],
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> ResponseContextManager[Events]: ...
    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: bool,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> ResponseContextManager[Run] | ResponseContextManager[Events]: ...
    @checked
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> Opening:
        """Answer the tool calls of a run."""
        return _opening(self._transport, _submit(run_id, thread_id=thread_id, **params), stream, allow_truncated)


class ThreadsWithStreamingResponse(ThreadEndpoints, StreamingView):
    """As `Threads`, answering with context managers that give `APIResponse` objects."""

    messages: Final = view(MessagesWithStreamingResponse)
    runs: Final = view(RunsWithStreamingResponse)

    @overload
    def create_and_run(
        self, *, stream: NotStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> ResponseContextManager[Run]: ...
    @overload
    def create_and_run(
        self, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> ResponseContextManager[Events]: ...
    @overload
    def create_and_run(
        self, *, stream: bool, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> ResponseContextManager[Run] | ResponseContextManager[Events]: ...
    @checked
    def create_and_run(
        self, *, stream: MaybeStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> Opening:
        """Make a thread and start a run on it."""
        return _opening(self._transport, _create_and_run(**params), stream, allow_truncated)


class EventsContextManager(ResponseContextManager[Events]):
    """Opens a stream of events; its answer parses to that stream."""

    allow_truncated = False

    def _answer(self, body: Body) -> APIResponse[Events]:
        limit = self._transport.settings.max_event_size
        events = Stream.over(body, limit, self.allow_truncated)
        return APIResponse(body, self._call, result=events)


def _raw(transport: Transport, call: Call[Run], stream: MaybeStreamed, allow_truncated: bool) -> RawResponse[Any]:
    if not stream:
        return transport.send(call.unstreamed(stream))
    opened = Stream.open(transport, call.streamed(), allow_truncated=allow_truncated)
    return RawResponse(opened.response, call, result=opened)


def _opening(transport: Transport, call: Call[Run], stream: MaybeStreamed, allow_truncated: bool) -> Opening:
    if not stream:
        return ResponseContextManager(transport, call.unstreamed(stream))
    opening = EventsContextManager(transport, call.streamed())
    opening.allow_truncated = allow_truncated
    return opening
