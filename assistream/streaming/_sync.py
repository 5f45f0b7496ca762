# Written by scripts/unasync.py from _async.py; edit that file instead.
"""Streams that drive handlers."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, Self, TypeVar, cast

from ..errors import (
    APIError,
    APIStatusError,
    APITimeoutError,
    RunFailedError,
    StreamProtocolError,
    StreamTruncatedError,
    StreamUsageError,
    StructuredOutputError,
)
from ..handlers import AssistantEventHandler
from ..handlers.attached import attach, stream_of
from ..handlers.hooks import Hook, Hooks
from ..transport._sync import Transport
from ..transport.call import Call
from ..transport.concurrency import drain, holding_off, hook_done, shielded, time_limit
from ..types import (
    AssistantStreamEvent,
    ErrorEvent,
    Message,
    RefusalContentBlock,
    Run,
    RunStep,
    TextContentBlock,
    ToolAnswer,
    ToolEvent,
    ToolOutput,
)
from .bare._sync import Stream
from .dispatch import ask, fire, tell
from .events import TERMINAL, api_error
from .fast import Shortcut
from .listeners import ToolListener, listening
from .snapshots import StreamState
from .turns._sync import Turns

__all__ = ["AssistantStream"]

log = logging.getLogger("assistream")

T = TypeVar("T")

LAST_HOOKS_SECONDS: Final = 5.0
"""How long `on_stream_cancelled` and `on_end` hold a cancellation off."""

LEARN_SECONDS: Final = 2.0
"""How long a stream is waited for that is left before it said which run it is about, where that has to be stopped."""


class AssistantStream:
    """Drives handlers through the events of a stream. What handlers delegate to; programs do not use it directly."""

    def __init__(
        self,
        transport: Transport,
        handlers: Sequence[AssistantEventHandler],
        state: StreamState,
        turns: Turns | None,
        *,
        allow_truncated: bool,
    ) -> None:
        self._transport, self._turns, self._allow_truncated = transport, turns, allow_truncated
        self.handlers = handlers
        self.state = state
        self.hooks = Hooks(handlers)
        self._tap = listening(handlers)
        self._outer: list[AssistantStream | None] = [stream_of(handler) for handler in handlers]
        self._leg: Stream[AssistantStreamEvent] | None = None
        self._failure: BaseException | None = None
        self._told: BaseException | None = None  # the failure of a stream inside a hook, which the hooks know already
        self._in_hook = self._started = self._closed = self._ended = self._reading = False
        self._settled = False  # it is known what becomes of the run, or it was seen to
        self._cancelled = False  # by `cancel`; whoever reads, or leaves, sees to it
        self._lost = False  # the request of a leg failed, and may have arrived all the same
        self._made: Run | None = None  # the run, where cancellation came together with the event that said it

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

    def start(self, call: Call[Any] | None) -> None:
        """Send the request of the first leg; without one, go on with a run that waits."""
        self._started = True
        try:
            if self._turns is not None:
                self._turns.enter()
            if call is not None and self._answers:  # a run that nobody knows of could not be stopped
                holding_off(LEARN_SECONDS, partial(self._begin_leg, call))
            elif call is not None:
                self._begin_leg(call)
            elif self._turns is not None:
                self.state.run = self._turns.first()
        except BaseException as error:
            self._fail(error, timed_out=isinstance(error, APITimeoutError))
            raise

    def _begin_leg(self, call: Call[Any]) -> None:
        leg = self._leg = Stream.open(self._transport, call, allow_truncated=self._allow_truncated)
        leg.tap = self._tap
        leg.expect_events()
        if self._turns is not None:
            self._turns.leg_began()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AssistantStreamEvent:
        event = self._next()
        if event is None:
            raise StopIteration
        return event

    def _next(self) -> AssistantStreamEvent | None:
        """The next event, its hooks called; None at the end."""
        self._refuse_in_hook("iterated")
        if not self._started or self._closed:
            return None
        self._begin_to_read()
        try:
            event: AssistantStreamEvent | None = None
            if self._leg is not None and not self._cancelled:
                known = self.state.run is not None or not self._answers
                event = self._leg.receive() if known else self._receive_run(self._leg)
            if event is None:
                event = self._between_legs()
        except BaseException as error:
            if not self._is_woken(error):
                self._fail_to_read(error)
                raise
            event = None
        finally:
            self._reading = False
        if event is None:
            self._finish()
            return None
        try:
            self._call(fire(self.hooks, event, self.state))
            if isinstance(event, ErrorEvent):
                raise api_error(event)
        except BaseException as error:
            if isinstance(error, StreamProtocolError) and self._leg is not None:
                error.locate(*self._leg.position)
            self._fail(error, timed_out=False)
            raise
        if self._closed or self._cancelled:  # by one of the hooks
            self._finish()
            return None
        return event

    def _hurry(self, leg: Stream[AssistantStreamEvent], shortcut: Shortcut) -> None:
        """As `_next`, again and again, for the deltas that are like those before; quicker."""
        while not (self._closed or self._cancelled):
            if self._reading:
                self._begin_to_read()  # which says why not
            self._reading = True
            try:
                if not leg.passes(shortcut):
                    return
            except BaseException as error:
                if self._is_woken(error):
                    return
                self._fail_to_read(error)
                raise
            finally:
                self._reading = False
            try:
                # As `_call(tell(...))`, without a generator and a coroutine, which would cost as much as the hook.
                was_in_hook, self._in_hook = self._in_hook, True
                try:
                    for hook in shortcut.hooks:
                        if (answer := hook(shortcut.delta, shortcut.snapshot)) is not None:
                            hook_done(answer)
                except StopIteration as stop:
                    raise RuntimeError("A hook raised StopIteration") from stop
                finally:
                    self._in_hook = was_in_hook
            except BaseException as error:
                self._fail(error, timed_out=False)
                raise
        self._finish()

    def _begin_to_read(self) -> None:
        if self._reading:
            raise StreamUsageError("Two tasks or threads read this stream at once; let one read and tell the other.")
        self._reading = True

    def _is_woken(self, error: BaseException) -> bool:
        """Whether that is only how `cancel` wakes who reads."""
        return self._cancelled and isinstance(error, APIError)

    def _fail_to_read(self, error: BaseException) -> None:
        if isinstance(error, StreamTruncatedError) and error is not self._failure:
            error.run, error.snapshot = error.run or self.state.run, self.state.current_message
        self._fail(error, timed_out=isinstance(error, APITimeoutError))

    @property
    def _answers(self) -> bool:
        return self._turns is not None and self._turns.answers

    def _receive_run(self, leg: Stream[AssistantStreamEvent]) -> AssistantStreamEvent | None:
        """An event of a run that has to be stopped if this is cancelled, and that nobody knows of yet."""

        def receive() -> AssistantStreamEvent | None:
            event = leg.receive()
            if event is not None and isinstance(event.data, Run):
                self._made = event.data
            return event

        return holding_off(LEARN_SECONDS, receive)

    def _between_legs(self) -> AssistantStreamEvent | None:
        """The leg has ended. What comes then: the events of tools, and the next leg's; None if this was the last."""
        if self._turns is None or self._closed or self._cancelled:
            return None
        try:
            following = self._turns.next(self)
        except BaseException as error:
            self._fail(error, timed_out=False)  # a program's own timeout is none of the connection
            raise
        if not isinstance(following, Call):
            self._tell_listeners(following)
            return following
        if not (self._closed or self._cancelled):
            try:
                self._begin_leg(following)
            except APIError as error:
                if isinstance(error, APIStatusError) and self._turns.answered_elsewhere(self, error):
                    return None
                self._lost = True
                raise
        if self._closed or self._cancelled:  # meanwhile, by another task or thread
            return None
        return cast("Stream[AssistantStreamEvent]", self._leg).receive() or self._between_legs()

    def _tell_listeners(self, event: ToolEvent | None) -> None:
        for handler in self.handlers:
            if event is not None and isinstance(handler, ToolListener):
                handler.tool_event(event)

    def close(self) -> None:
        self._closed = True
        self.hooks.silence()
        self._release()
        if not self._in_hook:
            self._end()

    def cancel(self) -> None:
        """Whoever reads is woken, and sees to the run; if nobody does, then who leaves the ``with``."""
        if self._ended:
            return
        self._cancelled = True
        self.hooks.silence()
        if self._turns is not None:
            self._turns.interrupt()
        if self._leg is not None and self.state.run is not None:  # else it is about to say which run to stop
            self._leg.interrupt()

    def submit_outputs(self, outputs: Iterable[ToolOutput | ToolAnswer]) -> None:
        if self._turns is None or self._closed:
            raise StreamUsageError(
                "This stream has ended, and cannot send outputs any more. A run that still waits is gone on with by "
                "runs.resume_stream, or by runs.submit_tool_outputs_stream."
            )
        self._turns.submit(outputs, self.state)

    def leave(self, exc: BaseException | None) -> None:
        """The ``with`` block is being left, with this exception."""
        try:
            self._closed = True
            self._release()
            self._end(exc)
        finally:
            self._hand_back()
            if self._turns is not None:
                self._turns.leave()

    def _hand_back(self) -> None:
        """Handlers that were used inside one of their own hooks belong to the stream that called it again."""
        for handler, outer in zip(self.handlers, self._outer, strict=True):
            if outer is not None and not outer.is_over:
                outer._told = self._failure
                attach(handler, outer)

    def _finish(self) -> None:
        self._settled = self._settled or not (self._closed or self._cancelled)
        self._closed = True
        self._release()
        self._end()

    def _release(self) -> None:
        """Let go of the connection. Where calls are answered here and the stream is left early, stop the run first."""
        stopping = not self._settled and self._turns is not None and (self._answers or self._cancelled)
        self._settled = True
        if stopping and self.state.run is None:
            self._learn_run()
        if self._leg is not None:
            self._leg.close()
        if stopping and self._turns is not None:
            self.state.run = self._turns.give_up(self.state.run, answered=self._lost) or self.state.run

    def _learn_run(self) -> None:
        """Read on to the first event that says which run this is about: the server sends it at once."""
        leg, self.state.run = self._leg, self._made
        if leg is None or self._reading or self._made is not None:
            return
        with shielded(LEARN_SECONDS), time_limit(LEARN_SECONDS, leg.interrupt), suppress(APIError):
            while (event := leg.receive()) is not None:
                if isinstance(event.data, Run):
                    self.state.run = event.data
                    return

    def _fail(self, error: BaseException, *, timed_out: bool) -> None:
        """Call the hooks of a failure. If one of them raises, that is the failure from then on."""
        if error is self._failure:
            return
        self._closed, self._failure = True, error
        try:
            self._release()
        except Exception as second:
            log.error("a stream that has failed could not be let go of properly, either", exc_info=second)
        if isinstance(error, StreamTruncatedError):
            error.run = self.state.run or error.run
        try:
            if isinstance(error, Exception) and error is not self._told:
                if timed_out:
                    self._call(tell(self.hooks.on_timeout))
                self._call(tell(self.hooks.on_exception, error))
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
        hooks = self.hooks
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
        shortcut = Shortcut(self.hooks, self.state)
        while self._next() is not None:
            leg = self._leg
            if leg is not None and (self.state.run is not None or not self._answers):
                shortcut.learn(leg.frame)
                if shortcut.is_open:
                    self._hurry(leg, shortcut)

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

    def get_final_parsed(self, model: type[Any] | None) -> Any:
        run = self.get_final_run(raise_on_failure=True)
        if run.status != "completed":
            raise StreamUsageError(f"Run {run.id} is {run.status}, so there is no final message to read.")
        if self._turns is None:
            raise StreamUsageError("This stream only repeats what was said, and does not read it as objects.")
        content = [block for message in list(self.state.messages.values())[-1:] for block in message.model.content]
        for block in content:
            if isinstance(block, RefusalContentBlock):
                raise StructuredOutputError(f"The model declined: {block.refusal}", text=block.refusal)
        return self._turns.parsed("".join(b.text.value for b in content if isinstance(b, TextContentBlock)), model)

    def _refuse_in_hook(self, what: str) -> None:
        if self._in_hook:
            raise StreamUsageError(
                f"A stream cannot be {what} inside one of its own hooks: the hook would wait for itself. "
                "Use what the hook is given, or the handler's current_* attributes, or do this after the hook."
            )

    def tell(self, hooks: Sequence[Hook], *args: object) -> object | None:
        """Call all of these hooks; returns the first answer."""
        return self._call(ask(hooks, *args, all_told=True))

    def ask(self, hooks: Sequence[Hook], *args: object) -> object | None:
        """Call these hooks until one answers."""
        return self._call(ask(hooks, *args))

    def _call(self, steps: Generator[object, Any, T]) -> T:
        was_in_hook, self._in_hook = self._in_hook, True
        try:
            return drain(steps)
        except StopIteration as stop:  # it would look like the end of the stream (PEP 479 has the same rule)
            raise RuntimeError("A hook raised StopIteration") from stop
        finally:
            self._in_hook = was_in_hook
