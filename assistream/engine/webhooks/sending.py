"""Tells webhooks what the outbox has, again and again until they take it: at least once, a run's events in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from dataclasses import dataclass

import httpx

from ..._version import __version__
from ..observing.observer import Observer
from ..store import Store
from . import outbox
from .outbox import Delivery
from .signing import signed
from .webhook import Webhook

_log = logging.getLogger("assistream.engine.webhooks")

AT_ONCE = 8
"""Requests to one webhook."""
AGAIN = 5.0
"""Seconds until the database is asked again when it is in trouble."""
GRACE = 3.0
"""Seconds that what has not been tried yet gets when the engine closes."""
JITTER = 0.2
"""How much longer or shorter a pause may be: what failed together shall not come again together."""
LONGEST = 3600.0
"""Seconds a receiver may put us off for."""
LARGEST = 64 * 1024
"""Bytes of an answer that is read; the connection of a larger one is closed."""
REST = 1.0
"""Seconds for the rest of an answer; then its connection is closed."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
LOOK = 60.0
"""Seconds after which it is looked what is due at the latest: clocks are set."""


@dataclass(frozen=True, slots=True)
class _Answer:
    taken: bool
    said: str
    wait: float = 0.0


class Sender:
    """Tells one webhook. A slow one holds up nobody but itself."""

    def __init__(self, store: Store, webhook: Webhook, place: str, observer: Observer) -> None:
        """``place`` is what the webhook is called."""
        self._store, self._webhook, self._place, self._observer = store, webhook, place, observer
        url = httpx.URL(webhook.url)
        self._client = httpx.AsyncClient(
            timeout=webhook.timeout,
            limits=httpx.Limits(max_connections=AT_ONCE),
            trust_env=url.host not in _HERE,  # a proxy could not reach it
            verify=url.scheme == "https",  # loading certificates takes time
        )
        self._news = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}  # by the run
        self._requests: set[asyncio.Task[_Answer]] = set()
        self._closing = False
        self._stopped = asyncio.Event()

    def wake(self) -> None:
        """There is something new."""
        self._news.set()

    def close(self) -> None:
        """What has not been tried yet is tried once, and then `work` returns."""
        self._closing = True
        self.wake()

    def abort(self) -> None:
        """Nothing is waited for any more; it stays for the next engine."""
        self._closing = True
        self._stopped.set()
        for request in self._requests:
            request.cancel()
        self.wake()

    async def work(self) -> None:
        try:
            while True:
                self._news.clear()
                seconds = await self._begin_what_is_due()
                if self._closing and not self._running:
                    return
                await _happens(self._news, min(seconds, LOOK))
        finally:
            await self._client.aclose()

    async def _begin_what_is_due(self) -> float:
        """The seconds until something else may be due."""
        try:
            async with self._store.transaction() as transaction:
                found = await outbox.upcoming(transaction, self._webhook.url, 2 * AT_ONCE)
        except Exception:  # whatever it is: this loop ends with the engine only, or nobody would be told any more
            _log.warning("What webhooks are to be told cannot be read; it is tried again", exc_info=True)
            return AGAIN
        now = time.time()
        for delivery in found:
            if delivery.run_id in self._running or not self._may_begin(delivery):
                continue
            if delivery.due > now:
                return delivery.due - now
            task = asyncio.create_task(self._deliver(delivery))
            self._running[delivery.run_id] = task
        return LOOK  # until one of those that run is done, or something new comes

    def _may_begin(self, delivery: Delivery) -> bool:
        if self._closing and (self._stopped.is_set() or delivery.attempts):
            return False
        return len(self._running) < AT_ONCE

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            request = asyncio.create_task(self._post(delivery))
            self._requests.add(request)
            await asyncio.wait([request])
            self._requests.discard(request)
            if not request.cancelled():
                await self._note(delivery, request.result())
        finally:
            del self._running[delivery.run_id]
            self.wake()

    async def _post(self, delivery: Delivery) -> _Answer:
        body = delivery.payload.encode()
        headers = {"content-type": "application/json", "user-agent": f"assistream/{__version__}"}
        headers |= signed(delivery.event_id, int(time.time()), body, self._webhook.secrets)
        try:
            async with asyncio.timeout(self._webhook.timeout) as limit:
                async with self._client.stream("POST", self._webhook.url, content=body, headers=headers) as response:
                    limit.reschedule(None)  # the status is the answer
                    await _drain(response)
                    return _Answer(response.is_success, str(response.status_code), _put_off(response))
        except TimeoutError:
            return _Answer(False, "no answer in time")
        except Exception as error:  # whatever it is, it must not be tried again at once
            return _Answer(False, type(error).__name__)

    async def _note(self, delivery: Delivery, answer: _Answer) -> None:
        """Writes down what came of it; while that cannot be done it is not sent again, either."""
        pauses = self._webhook.pauses
        dropped = not answer.taken and (answer.said == "410" or delivery.attempts >= len(pauses))
        outcome = "delivered" if answer.taken else "dropped" if dropped else "failed"
        self._observer.delivered(self._place, outcome)
        what = (delivery.event_id, delivery.run_id, self._place, answer.said, delivery.attempts + 1)
        if dropped:
            _log.error("%s of %s was not taken by %s (%s) in %s attempts, and is dropped", *what)
        elif not answer.taken:
            _log.warning("%s of %s was not taken by %s (%s) in attempt %s", *what)
        pause = 0.0 if outcome != "failed" else max(_varied(pauses[delivery.attempts]), answer.wait)
        while not await self._written(delivery, outcome, time.time() + pause) and not self._stopped.is_set():
            await _happens(self._stopped, AGAIN)

    async def _written(self, delivery: Delivery, outcome: str, due: float) -> bool:
        try:
            async with self._store.transaction() as transaction:
                if outcome == "failed":
                    await outbox.postpone(transaction, delivery, due)
                else:
                    await outbox.finish(transaction, delivery)
        except Exception:  # whatever it is: what was delivered and is not noted would be sent again at once
            _log.warning("What a webhook was told cannot be written down; it is tried again", exc_info=True)
            return False
        return True


async def _drain(response: httpx.Response) -> None:
    """Reads the rest, so that the connection can be used again. What it says, and how it ends, does not matter."""
    with contextlib.suppress(TimeoutError, httpx.HTTPError, ValueError):
        if response.status_code == 204 or int(response.headers.get("content-length", LARGEST)) < LARGEST:
            async with asyncio.timeout(REST):
                async for _ in response.aiter_raw():
                    pass


def _put_off(response: httpx.Response) -> float:
    """The seconds that the receiver wants to be left alone; a date, which few send, is not understood."""
    given = response.headers.get("retry-after", "")
    return min(float(given), LONGEST) if given.isascii() and given.isdecimal() else 0.0


def _varied(pause: float) -> float:
    return pause * random.uniform(1 - JITTER, 1 + JITTER)


async def _happens(event: asyncio.Event, within: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within):
            await event.wait()
