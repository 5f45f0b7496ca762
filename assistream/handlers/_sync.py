# Written by scripts/unasync.py from _async.py; edit that file instead.
"""The handlers that programs subclass."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Protocol, Self, TypeVar, overload

from ..errors import StreamUsageError
from ..types import (
    AssistantStreamEvent,
    ImageFile,
    ImageURL,
    Message,
    MessageDelta,
    PendingCall,
    Run,
    RunStep,
    RunStepDelta,
    Text,
    TextDelta,
    Thread,
    ToolAnswer,
    ToolCall,
    ToolCallDelta,
    ToolOutput,
    UnknownEvent,
    Usage,
)
from .attached import attached, derived, pending_calls, text_pieces

T = TypeVar("T")


class AttachedStream(Protocol):
    """What a handler needs of the stream that drives it."""

    @property
    def current_event(self) -> AssistantStreamEvent | None: ...

    @property
    def current_run(self) -> Run | None: ...

    @property
    def current_run_step_snapshot(self) -> RunStep | None: ...

    @property
    def current_message_snapshot(self) -> Message | None: ...

    @property
    def thread_id(self) -> str | None: ...

    def __next__(self) -> AssistantStreamEvent: ...

    def until_done(self) -> None: ...

    def get_final_run(self, *, raise_on_failure: bool = False) -> Run: ...

    def get_final_run_steps(self) -> list[RunStep]: ...

    def get_final_messages(self) -> list[Message]: ...

    def get_final_parsed(self, model: type[Any] | None) -> Any: ...

    def submit_outputs(self, outputs: Iterable[ToolOutput | ToolAnswer]) -> None: ...

    def cancel(self) -> None: ...

    def close(self) -> None: ...


class AssistantEventHandler:
    """Subclass it and override the hooks you need; pass an instance as `event_handler` to a stream method.

    The handler is also what the ``with`` gives: iterate it for typed events, or wait for the end::

        class Printer(AssistantEventHandler):
            def on_text_delta(self, delta, snapshot):
                print(delta.value or "", end="", flush=True)

        with client.beta.threads.runs.create_and_stream(
            thread_id, assistant_id=assistant.id, event_handler=Printer()
        ) as stream:
            run = stream.get_final_run()

    For every event the state is updated first, then `on_event` is called, then the specific hooks; then the event is
    given to whoever iterates. Hooks are never called concurrently: the next one starts when the last has returned.
    A hook that raises ends the stream, and its exception comes out of the ``with`` unchanged.

    The objects that hooks are given are ordinary models and yours to change. Snapshots are live: they go on growing
    with the stream; `snapshot.model_copy(deep=True)` keeps one as it is.

    A handler serves one run. There is no state in this class: `super().__init__()` need not be called, and a program's
    own attributes win over the names below.
    """

    _assistream_stream: AttachedStream | None = None

    # What the stream knows -------------------------------------------------------------------------------------------

    current_event: AssistantStreamEvent | None = attached(lambda stream: stream.current_event)
    """The event that was delivered last."""
    current_run: Run | None = attached(lambda stream: stream.current_run)
    """The run as the server sent it last."""
    current_run_step_snapshot: RunStep | None = attached(lambda stream: stream.current_run_step_snapshot)
    """The step being taken, as far as it has come; None between steps."""
    current_message_snapshot: Message | None = attached(lambda stream: stream.current_message_snapshot)
    """The message written to last, as far as it has come."""
    thread_id: str | None = attached(lambda stream: stream.thread_id)
    """The thread of the run, once the server has said it."""
    run_id: str | None = attached(lambda stream: stream.current_run and stream.current_run.id)
    """The run, once the server has said it."""
    usage: Usage | None = attached(lambda stream: stream.current_run and stream.current_run.usage)
    """The tokens the run has used; most servers say it when the run has ended."""
    pending_calls: list[PendingCall] = derived(lambda handler: pending_calls(handler))
    """The calls whose outputs the run waits for, empty if it waits for none."""
    text_deltas: TextIterator = derived(lambda handler: TextIterator(handler))
    """Only the text, piece by piece: ``for text in stream.text_deltas``. Hooks are called as ever."""

    @property
    def _attached_stream(self) -> AttachedStream:
        if self._assistream_stream is None:
            raise StreamUsageError(
                f"This {type(self).__name__} has no stream yet. Pass it as event_handler=... to a stream method, "
                "and use it inside the `with` block of what that returns."
            )
        return self._assistream_stream

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AssistantStreamEvent:
        return self._attached_stream.__next__()

    def until_done(self) -> None:
        """Read the stream to its end, calling the hooks.

        Raises:
            APIError: What ended the stream early; again at each later call.
            StreamUsageError: Called inside a hook, or before the stream has started.
        """
        self._attached_stream.until_done()

    def get_final_run(self, *, raise_on_failure: bool = False) -> Run:
        """Read the stream to its end and return the run as it is then.

        Args:
            raise_on_failure: Whether a run that failed, expired, was cancelled or is incomplete raises.

        Raises:
            RunFailedError: The run ended without success and `raise_on_failure` is set; it says why.
            StreamUsageError: The stream said nothing of a run.
        """
        return self._attached_stream.get_final_run(raise_on_failure=raise_on_failure)

    def get_final_run_steps(self) -> list[RunStep]:
        """Read the stream to its end and return the steps it told of, in order; final ones as the server sent them."""
        return self._attached_stream.get_final_run_steps()

    def get_final_messages(self) -> list[Message]:
        """Read the stream to its end and return the messages it told of, in order; final ones as the server sent them.

        They are the objects that `on_message_done` was given, with whatever it changed in them.
        """
        return self._attached_stream.get_final_messages()

    @overload
    def get_final_parsed(self, model: type[T]) -> T: ...
    @overload
    def get_final_parsed(self, model: None = None) -> Any: ...
    def get_final_parsed(self, model: type[Any] | None = None) -> Any:
        """Read the stream to its end and return the last message as an object.

        Args:
            model: Its type; what was given as `parse_as` unless told.

        Raises:
            StructuredOutputError: The model said something else, declined, or said nothing.
            RunFailedError: The run ended without success.
        """
        return self._attached_stream.get_final_parsed(model)

    def submit_outputs(self, outputs: Iterable[ToolOutput | ToolAnswer]) -> None:
        """Answer calls by hand, in a hook or a loop over the stream; they are sent when every call has an answer.

        The stream then goes on by itself. Calls that are not answered here are left to the functions that were bound.

        Raises:
            StreamUsageError: The run waits for no outputs, or not for these.
        """
        self._attached_stream.submit_outputs(outputs)

    def cancel(self) -> None:
        """Stop the run, too: its tools, the run at the server, and this stream. From any thread, and at once.

        Whoever reads the stream sees to it: for him it ends without an error, and `get_final_run` tells how the run is
        then. No hook is called any more but `on_end`.
        """
        self._attached_stream.cancel()

    def close(self) -> None:
        """Stop here: the connection is closed, iteration ends, and no hook is called any more but `on_end`.

        Leaving the ``with`` block closes, too. The run itself goes on at the server, unless its tools are run here:
        then it is cancelled, since nobody would answer its calls.
        """
        self._attached_stream.close()

    # Hooks -----------------------------------------------------------------------------------------------------------

    def on_event(self, event: AssistantStreamEvent) -> None:
        """Called for every event, before the hooks that are specific to it."""

    def on_thread_created(self, thread: Thread) -> None:
        """The thread was created: once, first of all, where the stream creates one (`create_and_run_stream`)."""

    def on_run_created(self, run: Run) -> None:
        """The run was created: once; not in a stream of submitted outputs."""

    def on_run_changed(self, run: Run) -> None:
        """The run was created or has another status: once per run event, before the hooks for one status."""

    def on_run_requires_action(self, run: Run) -> None:
        """The run waits for tool outputs: `run.required_action` says for which calls."""

    def on_run_failed(self, run: Run) -> None:
        """The run has failed: `run.last_error` says why. This raises nothing by itself."""

    def on_run_step_created(self, run_step: RunStep) -> None:
        """A step has begun: a message, or a set of tool calls."""

    def on_run_step_delta(self, delta: RunStepDelta, snapshot: RunStep) -> None:
        """A step has grown by `delta` and is now `snapshot`; after the hooks for its tool calls."""

    def on_run_step_done(self, run_step: RunStep) -> None:
        """A step has ended, well or not (`run_step.status`): given as the server sent it, usage included."""

    def on_tool_call_created(self, tool_call: ToolCall) -> None:
        """A tool call has begun: once per call. Its first fragment is already in it."""

    def on_tool_call_delta(self, delta: ToolCallDelta, snapshot: ToolCall) -> None:
        """A tool call has grown by `delta` (arguments, code, outputs) and is now `snapshot`."""

    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        """A tool call is complete: once per call; for functions when the next call begins or outputs are awaited."""

    def on_tool_approval(self, call: PendingCall) -> bool | str | None:
        """May this call be run? True or False; a text is a no that the model is told; None leaves it to others.

        Asked for functions with `needs_approval`, before any is run. If nobody answers, the run is left waiting.
        """
        return None

    def on_tool_started(self, call: PendingCall) -> None:
        """A function is run next, for this call."""

    def on_tool_progress(self, call: PendingCall, message: str) -> None:
        """A function says how it gets on, with `ToolContext.progress`."""

    def on_tool_output(self, call: PendingCall, output: str) -> None:
        """A call has its output: this is what the model will be told."""

    def on_tool_error(self, call: PendingCall, error: Exception) -> str | None:
        """A call has failed. Return what the model shall be told; None for the default, which says what happened."""
        return None

    def on_message_created(self, message: Message) -> None:
        """A message has begun, on most servers without content yet. Blocks that come with it are told of next."""

    def on_message_delta(self, delta: MessageDelta, snapshot: Message) -> None:
        """A message has grown by `delta` and is now `snapshot`; after the hooks for its blocks."""

    def on_message_done(self, message: Message) -> None:
        """A message is complete, or was cut short (`message.status`): given as the server sent it."""

    def on_text_created(self, text: Text) -> None:
        """A block of text has begun: once per block. Its first fragment is already in it."""

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        """A block of text has grown by `delta` and is now `snapshot`. `delta.value` is None for annotations alone."""

    def on_text_done(self, text: Text) -> None:
        """A block of text is complete: once per block."""

    def on_refusal_delta(self, delta: str, snapshot: str) -> None:
        """The model declines, so far with the words `snapshot`."""

    def on_refusal_done(self, refusal: str) -> None:
        """The model has declined, with these words: once per block."""

    def on_image_file_done(self, image_file: ImageFile) -> None:
        """A block with an image file is complete: once per block."""

    def on_image_url_done(self, image_url: ImageURL) -> None:
        """A block with the address of an image is complete: once per block."""

    def on_unknown_event(self, event: UnknownEvent) -> None:
        """The server sent an event whose name is not known here; `event.data` is what it said."""

    def on_exception(self, exception: Exception) -> None:
        """The stream failed: the server, the connection, or one of your hooks. Afterwards it is raised."""

    def on_timeout(self) -> None:
        """The server was silent for longer than the client's timeout; `on_exception` follows."""

    def on_stream_cancelled(self) -> None:
        """The task was cancelled, or the program interrupted, while the stream was being read. Be brief."""

    def on_end(self) -> None:
        """The stream is over, however it ended: once, after every other hook."""


class TextIterator:
    """Only the text of a stream, piece by piece."""

    def __init__(self, handler: AssistantEventHandler) -> None:
        self._handler = handler
        self._pieces: deque[str] = deque()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        while not self._pieces:
            self._pieces.extend(text_pieces(self._handler.__next__()))
        return self._pieces.popleft()
