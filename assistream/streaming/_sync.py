# Written by scripts/unasync.py from _async.py; edit that file instead.
"""Streams that drive handlers, and the managers that open them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar, cast

from ..errors import APITimeoutError, RunFailedError, StreamProtocolError, StreamTruncatedError, StreamUsageError
from ..handlers import AssistantEventHandler
from ..handlers.attached import attach, stream_of
from ..handlers.hooks import Hook, Hooks, check_colour
from ..transport._sync import Transport
from ..transport.call import Call
from ..transport.concurrency import drain, shielded
from ..types import AssistantStreamEvent, ErrorEvent, Message, Run, RunStep
from .bare._sync import Stream
from .dispatch import Steps, fire, tell
from .events import TERMINAL, api_error
from .snapshots import StreamState

__all__ = ["AssistantStream", "AssistantStreamManager"]

log = logging.getLogger("assistream")

H = TypeVar("H", bound=AssistantEventHandler)

LAST_HOOKS_SECONDS: Final = 5.0
"""How long `on_stream_cancelled` and `on_end` hold a cancellation off."""


class AssistantStream:
    """Drives handlers through the events of a stream. What handlers delegate to; programs do not use it directly."""

    def __init__(self, handlers: Sequence[AssistantEventHandler], state: StreamState) -> None:
        self.handlers = handlers
        self.state = state
        self._hooks = Hooks(handlers)
        self._outer: list[AssistantStream | None] = [stream_of(handler) for handler in handlers]
        self._events: Stream[AssistantStreamEvent] | None = None
        self._failure: BaseException | None = None
        self._told: BaseException | None = None  # the failure of a stream inside a hook, which the hooks know already
        self._in_hook = self._closed = self._ended = self._reading = False

    # What the stream knows -------------------------------------------------------------------------------------------

    @property
    def current_event(self) -> AssistantStreamEvent | None:
        return self.state.current_event

    @property
    def current_run(self) -> Run | None:
        return self.state.run

    @property
    def current_run_step_snapshot(self) -> RunStep | None:
        return self.state.current_step

    @property
    def current_message_snapshot(self) -> Message | None:
        return self.state.current_message

    @property
    def thread_id(self) -> str | None:
        return self.state.thread_id

    @property
    def is_over(self) -> bool:
        return self._ended

    @property
    def came_to_nothing(self) -> bool:
        """It could not be opened, so its handlers are as new."""
        return self._ended and self.state.current_event is None

    # From start to end -----------------------------------------------------------------------------------------------

    def start(self, transport: Transport, call: Call[Any], *, allow_truncated: bool) -> None:
        try:
            self._events = Stream.open(transport, call, allow_truncated=allow_truncated)
            self._events.expect_events()
        except BaseException as error:
            self._fail(error, timed_out=isinstance(error, APITimeoutError))
            raise

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AssistantStreamEvent:
        self._refuse_in_hook("iterated")
        if self._events is None or self._closed:
            raise StopIteration
        if self._reading:
            raise StreamUsageError("Two tasks or threads read this stream at once; let one read and tell the other.")
        self._reading = True
        try:
            event = self._events.receive()
        except BaseException as error:
            if isinstance(error, StreamTruncatedError):
                error.run, error.snapshot = error.run or self.state.run, self.state.current_message
            self._fail(error, timed_out=isinstance(error, APITimeoutError))
            raise
        finally:
            self._reading = False
        if event is None:
            self._finish()
            raise StopIteration
        try:
            self._call(fire(self._hooks, event, self.state))
            if isinstance(event, ErrorEvent):
                raise api_error(event)
        except BaseException as error:
            if isinstance(error, StreamProtocolError):
                error.locate(*self._events.position)
            self._fail(error, timed_out=False)
            raise
        if self._closed:  # by one of the hooks
            self._end()
            raise StopIteration
        return event

    def close(self) -> None:
        self._closed = True
        self._hooks.silence()
        self._release()
        if not self._in_hook:
            self._end()

    def leave(self, exc: BaseException | None) -> None:
        """The ``with`` block is being left, with this exception."""
        try:
            self._closed = True
            self._release()
            self._end(exc)
        finally:
            self.hand_back()

    def hand_back(self) -> None:
        """Handlers that were used inside one of their own hooks belong to the stream that called it again."""
        for handler, outer in zip(self.handlers, self._outer, strict=True):
            if outer is not None and not outer.is_over:
                outer._told = self._failure
                attach(handler, outer)

    def _finish(self) -> None:
        self._closed = True
        self._release()
        self._end()

    def _release(self) -> None:
        if self._events is not None:
            self._events.close()

    def _fail(self, error: BaseException, *, timed_out: bool) -> None:
        """Call the hooks of a failure. If one of them raises, that is the failure from then on."""
        self._closed, self._failure = True, error
        self._release()
        try:
            if isinstance(error, Exception) and error is not self._told:
                if timed_out:
                    self._call(tell(self._hooks.on_timeout))
                self._call(tell(self._hooks.on_exception, error))
        except BaseException as second:
            self._failure = second
            raise
        finally:
            self._end(self._failure)

    def _end(self, error: BaseException | None = None) -> None:
        """Call `on_end`, once; what it raises must not hide `error`, the reason for the end."""
        if self._ended:
            return
        self._ended = True
        hooks = self._hooks
        if any(outer is not None and not outer.is_over for outer in self._outer):
            # A handler that is used inside one of its own hooks ends with the stream that called the hook.
            hooks = Hooks(
                handler
                for handler, outer in zip(self.handlers, self._outer, strict=True)
                if outer is None or outer.is_over
            )
        if error is None or isinstance(error, Exception):
            self._call_last(hooks.on_end, error)
        else:
            with shielded(LAST_HOOKS_SECONDS):
                self._call_last([*hooks.on_stream_cancelled, *hooks.on_end], error)

    def _call_last(self, hooks: Sequence[Hook], error: BaseException | None) -> None:
        """Call every one of these hooks; what they raise must not hide `error`, but without one the first is raised."""
        raised: list[Exception] = []
        for hook in hooks:
            try:
                self._call(tell([hook]))
            except Exception as late:
                raised.append(late)
        first = error or (raised.pop(0) if raised else None)
        for later in raised:
            log.error("a last hook of a stream raised, too; the first error is the one raised", exc_info=later)
            cast(BaseException, first).add_note(f"Later a hook raised {later!r}")
        if first is not None and error is None:
            self._failure = first
            raise first

    # Waiting ---------------------------------------------------------------------------------------------------------

    def until_done(self) -> None:
        self._refuse_in_hook("waited for")
        if isinstance(self._failure, Exception):
            raise self._failure
        if self._failure is not None:
            raise StreamUsageError("This stream was cancelled before its end.") from self._failure
        for _ in self:
            pass

    def get_final_run(self, *, raise_on_failure: bool = False) -> Run:
        self.until_done()
        run = self.state.run
        if run is None:
            raise StreamUsageError("This stream said nothing of a run, so there is no final one.")
        if raise_on_failure and run.status in TERMINAL - {"completed"}:
            raise RunFailedError(run)
        return run

    def get_final_run_steps(self) -> list[RunStep]:
        self.until_done()
        return [step.model for step in self.state.steps.values()]

    def get_final_messages(self) -> list[Message]:
        self.until_done()
        return [message.model for message in self.state.messages.values()]

    def _refuse_in_hook(self, what: str) -> None:
        if self._in_hook:
            raise StreamUsageError(
                f"A stream cannot be {what} inside one of its own hooks: the hook would wait for itself. "
                "Use what the hook is given, or the handler's current_* attributes, or do this after the hook."
            )

    def _call(self, steps: Steps) -> None:
        was_in_hook, self._in_hook = self._in_hook, True
        try:
            drain(steps)
        except StopIteration as stop:  # it would look like the end of the stream (PEP 479 has the same rule)
            raise RuntimeError("A hook raised StopIteration") from stop
        finally:
            self._in_hook = was_in_hook


class AssistantStreamManager(Generic[H]):
    """What the stream methods return: a context manager that sends the request, and gives the handler.

    Nothing is sent before ``with``. It is entered once; on leaving, the connection is released and `on_end` has
    been called. The run goes on at the server if it had not ended.
    """

    def __init__(
        self,
        transport: Transport,
        call: Call[Any],
        *,
        event_handler: H | Sequence[H] | None,
        run_id: str | None = None,
        allow_truncated: bool = False,
    ) -> None:
        if event_handler is None:
            event_handler = cast(H, AssistantEventHandler())
        several = isinstance(event_handler, Sequence) and not isinstance(event_handler, AssistantEventHandler)
        self._handlers = list(cast("Sequence[H]", event_handler)) if several else [cast(H, event_handler)]
        self._transport, self._call = transport, call
        self._run_id, self._allow_truncated = run_id, allow_truncated
        self._stream: AssistantStream | None = None
        if len({id(handler) for handler in self._handlers}) != max(len(self._handlers), 1):
            raise ValueError("event_handler is an empty list, or one with the same handler twice.")
        for handler in self._handlers:
            check_colour(handler, AssistantEventHandler)
        self._state()  # refuses a handler that served another run, before anything is sent

    def __enter__(self) -> H:
        if self._stream is not None:
            raise StreamUsageError("This stream was entered before. Call the stream method again for another one.")
        stream = self._stream = AssistantStream(self._handlers, self._state())
        for handler in self._handlers:
            attach(handler, stream)
        try:
            stream.start(self._transport, self._call, allow_truncated=self._allow_truncated)
        except BaseException:
            stream.hand_back()
            raise
        return self._handlers[0]

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.leave(exc)

    def _state(self) -> StreamState:
        """Where to go on: a handler may serve later legs of the run it has served before, and no other."""
        used = [stream for handler in self._handlers if (stream := stream_of(handler)) and not stream.came_to_nothing]
        states: list[StreamState] = [stream.state for stream in used]
        for state in states:
            if self._run_id is None or state.run is None or state.run.id != self._run_id:
                raise StreamUsageError(
                    "This event handler has served another stream. What was said there is still in it, "
                    "so make a new instance for this one."
                )
        return states[0] if states else StreamState()
