"""The events of one streamed answer, read from the network."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar, cast

from ...errors import (
    APIConnectionError,
    APIResponseValidationError,
    APITimeoutError,
    StreamContentTypeError,
    StreamProtocolError,
    StreamTruncatedError,
)
from ...transport._async import AsyncBody, AsyncTransport
from ...transport.call import Call
from ...transport.concurrency import AsyncPacer, async_time_limit
from ...types import AssistantStreamEvent, ErrorEvent, Run
from ..events import api_error, ends_leg, is_done, parse_event
from ..fast import Shortcut
from ..resume._async import AsyncRest
from ..sse import Frame, SSEDecoder

if TYPE_CHECKING:
    import httpx

__all__ = ["AsyncStream"]

log = logging.getLogger("assistream")

E = TypeVar("E")

TAIL_BYTES: Final = 1 << 20
"""How much is read after a leg's last event, so that its connection can serve the next request."""
TAIL_SECONDS: Final = 2.0
"""How long that may take."""
ERROR_BODY_BYTES: Final = 1 << 20
"""How much of an answer that is no event stream goes into the error."""


class AsyncStream(Generic[E]):
    """The events of one streamed answer, as they arrive: what ``create(..., stream=True)`` gives.

    Iterate it, or use it as a context manager that closes the connection::

        async with await client.beta.threads.runs.create(thread_id, assistant_id=..., stream=True) as stream:
            async for event in stream:
                ...

    Raises while iterating:
        APIError: The server sent an `error` event.
        StreamTruncatedError: The connection was lost, or the answer ended, before the run or its turn had ended, and
            the server does not give out the rest.
        APITimeoutError: The server was silent for longer than the timeout allows.
        StreamContentTypeError: The answer is no event stream.
        StreamProtocolError: The server sent what no stream of this API contains.

    After an error, at the end, and after `close`, the connection is released and iteration stops.
    """

    def __init__(self, body: AsyncBody, *, max_event_size: int, allow_truncated: bool = False) -> None:
        self._body = body
        self._allow_truncated = allow_truncated
        self._decoder = SSEDecoder(max_event_size)
        self._frames: list[Frame] = []  # in hand, the next one last: a deque takes 760 bytes when it is empty, too
        self._count = 0
        self._exhausted = False  # nothing more is read; what is in _frames is still delivered
        self._leg_ended = False
        self._run: Frame | None = None  # its last event: the bytes are a sixth of the object, and seldom wanted
        self._pacer = AsyncPacer()
        self.tap: Callable[[Frame], object] | None = None
        """Told of each frame, the end marker included, before its event is given out."""
        self.frame: Frame | None = None
        """The frame that `receive` has read last."""
        self._rest: AsyncRest | None = None

    @classmethod
    async def open(
        cls, transport: AsyncTransport, call: Call[Any], *, allow_truncated: bool = False
    ) -> AsyncStream[AssistantStreamEvent]:
        """Send the request; raises as any request does."""
        body = await transport.open(call)
        stream = cls.over(body, transport.settings.max_event_size, allow_truncated)
        stream._rest = AsyncRest.of(transport, call, body)
        return stream

    @classmethod
    def over(
        cls, body: AsyncBody, max_event_size: int, allow_truncated: bool = False
    ) -> AsyncStream[AssistantStreamEvent]:
        """As `open`, of an answer that is there."""
        return AsyncStream(body, max_event_size=max_event_size, allow_truncated=allow_truncated)

    async def expect_events(self) -> None:
        """Refuse an answer that is no event stream at all. Reading does so by itself."""
        content_type = self._body.content_type
        claimed = content_type.lower()
        # Without a type the answer gets the benefit of the doubt, unless it has no content at all.
        if not claimed.startswith("text/event-stream") and (claimed or self.response.status_code == 204):
            try:
                text = await self._body.text(ERROR_BODY_BYTES)
            finally:
                await self._body.close()
            raise StreamContentTypeError(content_type, body=text, request=self.response.request)

    @property
    def response(self) -> httpx.Response:
        """The HTTP answer: status, headers."""
        return self._body.response

    @property
    def position(self) -> tuple[int, int]:
        """How many frames were read, and how many bytes."""
        return self._count, self._decoder.offset

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E:
        try:
            event: Any = await self.receive()
            if type(event) is ErrorEvent:  # `isinstance` asks pydantic's metaclass, in Python
                raise api_error(event)
        except BaseException:
            await self.close()
            raise
        if event is None:
            raise StopAsyncIteration
        found: E = event
        return found

    async def close(self) -> None:
        """Stop here and release the connection. The run goes on at the server."""
        self._exhausted = True
        self._frames.clear()
        self._read_no_further()
        await self._body.close()

    aclose = close

    def interrupt(self) -> None:
        """Wake whoever reads, with an end or an error. From any thread."""
        self._read_no_further()
        self._body.interrupt()

    def _read_no_further(self) -> None:
        if (rest := self._rest) is not None:  # whoever reads may take it away meanwhile
            rest.wanted = False

    async def receive(self) -> AssistantStreamEvent | None:
        """The next event, an `ErrorEvent` like any other; None at the end. Does not close on errors."""
        if self._frames and self._pacer.due():  # before a read, `_read` sees to it
            await self._pacer.pause()
        while True:
            while self._frames:
                frame = self._frames.pop()
                if self.tap is not None:
                    self.tap(frame)
                if is_done(frame):
                    self._frames.clear()
                    if not self._exhausted:
                        await self._finish_leg(keep=False)
                    return None
                self._count += 1
                self.frame = frame
                try:
                    event = parse_event(frame)
                except StreamProtocolError as error:
                    error.locate(*self.position)
                    raise
                if event is None:
                    continue
                if type(event.data) is Run:
                    await self._run_changed(event)
                return event
            if self._exhausted:
                return None
            await self._read()

    async def passes(self, shortcut: Shortcut) -> bool:
        """Whether the shortcut takes the next frame, for which this waits. Any other is left to `receive`."""
        frames = self._frames
        if frames and self._pacer.due():
            await self._pacer.pause()
        while not frames:
            if self._exhausted:
                return False
            await self._read()
        if not shortcut.take(frames[-1]):
            return False
        frame = frames.pop()
        self._count += 1
        if self.tap is not None:
            self.tap(frame)
        return True

    async def _run_changed(self, event: AssistantStreamEvent) -> None:
        self._run = self.frame
        if ends_leg(event) and not self._leg_ended:
            # Before anybody learns of it: they may want the connection for the next leg.
            await self._finish_leg(keep=True)

    async def _read(self) -> None:
        if not self._decoder.offset:
            await self.expect_events()
        if self._pacer.soon_due():
            await self._pacer.pause()
        try:
            chunk = await self._body.read()
        except APITimeoutError:
            raise
        except APIConnectionError as error:
            if await self._reads_on():
                return
            if not self._allow_truncated:
                raise self._truncated("The connection was lost") from error.__cause__
            chunk = b""
        if chunk:
            frames = self._decoder.feed(chunk)
            self._take_in(frames if self._rest is None else self._rest.read(frames))
            return
        if self._exhausted:  # closed meanwhile, by another task or thread
            return
        self._decoder.feed(b"")  # an event that was too large raises after those before it
        last = self._decoder.unfinished()
        if (last is None or last.event != "error") and await self._reads_on():
            return
        self._exhausted = True
        if last is not None and last.event == "error":
            self._take_in([last])  # servers have stopped short of the empty line after an error
        elif not self._count and not self._body.content_type:
            raise StreamContentTypeError("", body=self._decoder.rest(), request=self.response.request)
        elif not self._allow_truncated:
            raise self._truncated("The answer ended")

    def _take_in(self, frames: Sequence[Frame]) -> None:
        self._frames[:0] = reversed(frames)

    async def _reads_on(self) -> bool:
        """Whether nothing is lost after all: the rest comes on another connection, or nobody waits for it."""
        rest = self._rest
        if rest is None or self._exhausted:
            return self._exhausted
        body = await rest.after(self._body, self._decoder)
        if body is None:
            self._rest = None
            return self._exhausted
        self._body, self._decoder = body, SSEDecoder(self._decoder.max_event_size)
        if not rest.wanted:  # since a moment ago: who said so has closed, or interrupted, the one before
            await body.close()
        return True

    def _truncated(self, what: str) -> StreamTruncatedError:
        event = None if self._run is None else parse_event(self._run)
        seen = f"{self._count} events" if self._count != 1 else "1 event"
        return StreamTruncatedError(
            f"{what} after {seen}, before the run had ended.",
            request=self.response.request,
            run=None if event is None else cast(Run, event.data),
        )

    async def _finish_leg(self, *, keep: bool) -> None:
        """Read to the end of the answer, within bounds, so that its connection is free; keep the events that follow."""
        self._leg_ended = self._exhausted = True
        left = TAIL_BYTES
        interrupt = self._body.interrupt if self._body.is_interruptible else None
        try:
            with async_time_limit(TAIL_SECONDS, interrupt):
                while left > 0 and (chunk := await self._body.read()):
                    left -= len(chunk)
                    if keep:
                        self._take_in(self._decoder.feed(chunk))
        except (APIConnectionError, APIResponseValidationError, StreamProtocolError) as error:
            log.debug("after the end of a stream: %s", error)
        await self._body.close()
