# Written by scripts/unasync.py from _async.py; edit that file instead.
"""Runs and threads with what streams: the methods whose result has a colour of its own.

They take what their endpoint takes, and besides:

`stream`
    True gives the events as they happen, as a bare stream.
`event_handler`
    A handler, or several whose hooks run in that order; the ``with`` gives the first.
`allow_truncated`
    A stream that stops before its run has ended just ends, instead of raising `StreamTruncatedError`.
`functions`, `max_turns`, `errors`, `parse_as`
    What a stream with a handler does when its run waits for outputs: see `LoopOptions`.

No method that returns a stream manager sends anything: the ``with`` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias, TypeVar, Unpack, overload

from ..handlers import AssistantEventHandler
from ..streaming import AssistantStreamManager, Stream
from ..tools._sync import ToolLoop
from ..tools.binding import bind
from ..transport._sync import Transport
from ..transport.call import Call
from ..transport.endpoint import Resource, view
from ..transport.flows import shared
from ..transport.signatures import checked
from ..types import AssistantStreamEvent, Run
from ..types.params import (
    RunCreateParams,
    RunResumeParams,
    RunStreamParams,
    RunSubmitToolOutputsParams,
    RunSubmitToolOutputsStreamParams,
    ThreadCreateAndRunParams,
    ThreadCreateAndRunStreamParams,
)
from .messages import Messages
from .runs import RunEndpoints, RunFlows, StreamableRunEndpoints, run_calls
from .steps import Steps
from .threads import StreamableThreadEndpoints, ThreadEndpoints, ThreadFlows
from .views._sync import (
    MaybeStreamed,
    NotStreamed,
    RunsWithRawResponse,
    RunsWithStreamingResponse,
    ThreadsWithRawResponse,
    ThreadsWithStreamingResponse,
)

H = TypeVar("H", bound=AssistantEventHandler)
AnyHandlers: TypeAlias = AssistantEventHandler | Sequence[AssistantEventHandler] | None

_create = StreamableRunEndpoints.create.call
_submit = StreamableRunEndpoints.submit_tool_outputs.call
_create_and_run = StreamableThreadEndpoints.create_and_run.call


class Runs(RunEndpoints, RunFlows, Resource):
    """Runs of a thread.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.

    What streams raises these when it is entered, and while it is read:

        APIError: The server reported an error in the stream.
        StreamTruncatedError: The stream stopped before its run had ended.
        StreamProtocolError: The stream is not what the API promises.
    """

    with_raw_response: Final = view(RunsWithRawResponse)
    with_streaming_response: Final = view(RunsWithStreamingResponse)
    steps: Final = view(Steps)

    @overload
    def create(
        self,
        thread_id: str,
        *,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> Run: ...
    @overload
    def create(
        self, thread_id: str, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> Stream[AssistantStreamEvent]: ...
    @overload
    def create(
        self, thread_id: str, *, stream: bool, allow_truncated: bool = False, **params: Unpack[RunCreateParams]
    ) -> Run | Stream[AssistantStreamEvent]: ...
    @checked
    def create(
        self,
        thread_id: str,
        *,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> Run | Stream[AssistantStreamEvent]:
        """Start a run; with `stream=True`, read its events as they happen.

        Args:
            thread_id: The thread to run on.
            assistant_id: The assistant that runs.
            instructions: Instead of the assistant's; `additional_instructions` are put after those.
            tools: Instead of the assistant's.
            stream: True for the events as they happen, as a bare stream.
            allow_truncated: Whether a stream that stops before its run has ended just ends, instead of raising
                `StreamTruncatedError`.
        """
        return _perform(self._transport, _create(thread_id, **params), stream, allow_truncated)

    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: NotStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> Run: ...
    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: Literal[True],
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> Stream[AssistantStreamEvent]: ...
    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: bool,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> Run | Stream[AssistantStreamEvent]: ...
    @checked
    def submit_tool_outputs(
        self,
        run_id: str,
        *,
        thread_id: str,
        stream: MaybeStreamed = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> Run | Stream[AssistantStreamEvent]:
        """Answer the tool calls of a run in `requires_action`, all at once; with `stream=True`, read what follows.

        Args:
            run_id: The run that waits.
            thread_id: The thread it is on.
            tool_outputs: For each call its `tool_call_id`, and as `output` what it gave, as text.
            stream: True for the events as they happen, as a bare stream.
            allow_truncated: Whether a stream that stops before its run has ended just ends, instead of raising
                `StreamTruncatedError`.
        """
        call = _submit(run_id, thread_id=thread_id, **params)
        return _perform(self._transport, call, stream, allow_truncated)

    @overload
    def create_and_stream(
        self,
        thread_id: str,
        *,
        event_handler: None = None,
        allow_truncated: bool = False,
        **params: Unpack[RunStreamParams],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...
    @overload
    def create_and_stream(
        self,
        thread_id: str,
        *,
        event_handler: H | Sequence[H],
        allow_truncated: bool = False,
        **params: Unpack[RunStreamParams],
    ) -> AssistantStreamManager[H]: ...
    @checked
    def create_and_stream(
        self,
        thread_id: str,
        *,
        event_handler: AnyHandlers = None,
        allow_truncated: bool = False,
        **params: Unpack[RunStreamParams],
    ) -> AssistantStreamManager[Any]:
        """Start a run and handle its events as they happen, inside a ``with``.

        Args:
            thread_id: The thread to run on.
            assistant_id: The assistant that runs.
            instructions: Instead of the assistant's; `additional_instructions` are put after those.
            tools: Instead of the assistant's. Functions among them are called when the model wants that.
            functions: Functions of tools that the assistant has already; they are called, too.
            max_turns: How often outputs are sent, by default 10.
            errors: What becomes of an exception in a function: "tell" the model, the default, or "raise" it.
            parse_as: The type that the last message is to have, for `get_final_parsed`.
            event_handler: A handler, or several whose hooks run in that order; the ``with`` gives the first.
            allow_truncated: Whether a stream that stops before its run has ended just ends, instead of raising
                `StreamTruncatedError`.
        """
        loop, sent = _loop(self._transport, params, thread_id)
        return AssistantStreamManager(
            self._transport,
            _create(thread_id, **sent).streamed(),
            event_handler=event_handler,
            allow_truncated=allow_truncated,
            turns=loop,
        )

    @overload
    def stream(
        self,
        thread_id: str,
        *,
        event_handler: None = None,
        allow_truncated: bool = False,
        **params: Unpack[RunStreamParams],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...
    @overload
    def stream(
        self,
        thread_id: str,
        *,
        event_handler: H | Sequence[H],
        allow_truncated: bool = False,
        **params: Unpack[RunStreamParams],
    ) -> AssistantStreamManager[H]: ...
    @checked
    def stream(
        self,
        thread_id: str,
        *,
        event_handler: AnyHandlers = None,
        allow_truncated: bool = False,
        **params: Unpack[RunStreamParams],
    ) -> AssistantStreamManager[Any]:
        """Another name for `create_and_stream`, which tells what it takes."""
        return self.create_and_stream(thread_id, event_handler=event_handler, allow_truncated=allow_truncated, **params)

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        thread_id: str,
        *,
        event_handler: None = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsStreamParams],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...
    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        thread_id: str,
        *,
        event_handler: H | Sequence[H],
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsStreamParams],
    ) -> AssistantStreamManager[H]: ...
    @checked
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        thread_id: str,
        *,
        event_handler: AnyHandlers = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsStreamParams],
    ) -> AssistantStreamManager[Any]:
        """Answer the tool calls of a run and handle what follows as it happens, inside a ``with``.

        Args:
            run_id: The run that waits.
            thread_id: The thread it is on.
            tool_outputs: For each call its `tool_call_id`, and as `output` what it gave, as text.
            functions: Functions that answer the calls to come; `max_turns`, `errors` and `parse_as` as in `stream`.
            event_handler: A handler, or several whose hooks run in that order; the ``with`` gives the first.
            allow_truncated: Whether a stream that stops before its run has ended just ends, instead of raising
                `StreamTruncatedError`.
        """
        loop, sent = _loop(self._transport, params, thread_id, run_id)
        return AssistantStreamManager(
            self._transport,
            _submit(run_id, thread_id=thread_id, **sent).streamed(),
            event_handler=event_handler,
            run_id=run_id,
            allow_truncated=allow_truncated,
            turns=loop,
        )

    @overload
    def resume_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        event_handler: None = None,
        allow_truncated: bool = False,
        **params: Unpack[RunResumeParams],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...
    @overload
    def resume_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        event_handler: H | Sequence[H],
        allow_truncated: bool = False,
        **params: Unpack[RunResumeParams],
    ) -> AssistantStreamManager[H]: ...
    @checked
    def resume_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        event_handler: AnyHandlers = None,
        allow_truncated: bool = False,
        **params: Unpack[RunResumeParams],
    ) -> AssistantStreamManager[Any]:
        """Answer the calls that a run waits for, and handle what follows as it happens, inside a ``with``.

        For a run that a stream has left waiting (`pending_calls`), in this program or another.

        Args:
            run_id: The run that waits.
            thread_id: The thread it is on.
            functions: Functions that answer its calls, and those to come.
            approve: By the ids of calls: whether they may be run; a text is a no that the model is told. Calls that
                are not in it are asked about as ever.
            max_turns: How often outputs are sent, by default 10.
            errors: What becomes of an exception in a function: "tell" the model, the default, or "raise" it.
            parse_as: The type that the last message is to have, for `get_final_parsed`.
            event_handler: A handler, or several whose hooks run in that order; the ``with`` gives the first.
            allow_truncated: Whether a stream that stops before its run has ended just ends, instead of raising
                `StreamTruncatedError`.
        """
        binding, _ = bind(params, begins=False)
        retrieve = RunEndpoints.retrieve.call(run_id, thread_id=thread_id, **shared(params))
        approve: Any = params.get("approve")
        calls = run_calls(params, thread_id, run_id)
        loop = ToolLoop(self._transport, calls, binding, resumed=retrieve, approve=approve)
        return AssistantStreamManager(
            self._transport,
            None,
            event_handler=event_handler,
            run_id=run_id,
            allow_truncated=allow_truncated,
            turns=loop,
        )


class Threads(ThreadEndpoints, ThreadFlows, Resource):
    """Threads, and what is in them.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.

    What streams raises as in `Runs`.
    """

    with_raw_response: Final = view(ThreadsWithRawResponse)
    with_streaming_response: Final = view(ThreadsWithStreamingResponse)
    messages: Final = view(Messages)
    runs: Final = view(Runs)

    @overload
    def create_and_run(
        self, *, stream: NotStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> Run: ...
    @overload
    def create_and_run(
        self, *, stream: Literal[True], allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> Stream[AssistantStreamEvent]: ...
    @overload
    def create_and_run(
        self, *, stream: bool, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> Run | Stream[AssistantStreamEvent]: ...
    @checked
    def create_and_run(
        self, *, stream: MaybeStreamed = None, allow_truncated: bool = False, **params: Unpack[ThreadCreateAndRunParams]
    ) -> Run | Stream[AssistantStreamEvent]:
        """Make a thread and start a run on it; with `stream=True`, read its events as they happen.

        Args:
            thread: What the thread is made from: its `messages`, `metadata` and `tool_resources`.
            assistant_id: The assistant that runs.
            instructions: Instead of the assistant's.
            tools: Instead of the assistant's.
            stream: True for the events as they happen, as a bare stream.
            allow_truncated: Whether a stream that stops before its run has ended just ends, instead of raising
                `StreamTruncatedError`.
        """
        return _perform(self._transport, _create_and_run(**params), stream, allow_truncated)

    @overload
    def create_and_run_stream(
        self,
        *,
        event_handler: None = None,
        allow_truncated: bool = False,
        **params: Unpack[ThreadCreateAndRunStreamParams],
    ) -> AssistantStreamManager[AssistantEventHandler]: ...
    @overload
    def create_and_run_stream(
        self,
        *,
        event_handler: H | Sequence[H],
        allow_truncated: bool = False,
        **params: Unpack[ThreadCreateAndRunStreamParams],
    ) -> AssistantStreamManager[H]: ...
    @checked
    def create_and_run_stream(
        self,
        *,
        event_handler: AnyHandlers = None,
        allow_truncated: bool = False,
        **params: Unpack[ThreadCreateAndRunStreamParams],
    ) -> AssistantStreamManager[Any]:
        """Make a thread, start a run on it and handle its events as they happen, inside a ``with``.

        Args:
            thread: What the thread is made from: its `messages`, `metadata` and `tool_resources`.
            assistant_id: The assistant that runs.
            instructions: Instead of the assistant's.
            tools: Instead of the assistant's. Functions among them are called when the model wants that.
            functions: Functions of tools that the assistant has already; they are called, too.
            max_turns: How often outputs are sent, by default 10.
            errors: What becomes of an exception in a function: "tell" the model, the default, or "raise" it.
            parse_as: The type that the last message is to have, for `get_final_parsed`.
            event_handler: A handler, or several whose hooks run in that order; the ``with`` gives the first.
            allow_truncated: Whether a stream that stops before its run has ended just ends, instead of raising
                `StreamTruncatedError`.
        """
        loop, sent = _loop(self._transport, params)
        return AssistantStreamManager(
            self._transport,
            _create_and_run(**sent).streamed(),
            event_handler=event_handler,
            allow_truncated=allow_truncated,
            turns=loop,
        )


def _loop(
    transport: Transport, params: Mapping[str, Any], thread_id: str = "", run_id: str = ""
) -> tuple[ToolLoop, dict[str, Any]]:
    """What answers the calls of a run, and the parameters that are the server's; without a `run_id`, it begins."""
    binding, sent = bind(params, begins=not run_id)
    return ToolLoop(transport, run_calls(params, thread_id, run_id), binding), sent


def _perform(
    transport: Transport, call: Call[Run], stream: MaybeStreamed, allow_truncated: bool
) -> Run | Stream[AssistantStreamEvent]:
    if stream:
        return Stream.open(transport, call.streamed(), allow_truncated=allow_truncated)
    return (transport.send(call.unstreamed(stream))).parse()
