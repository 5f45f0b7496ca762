"""Who is told what happens in an engine, and where: the one way in for metrics, logs, traces and webhooks.

An observer is called on the event loop, in the middle of the engine's work, so it returns soon. It is not called for
single deltas, but for each group of them that was written.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextvars import Context
from typing import Protocol, TypeAlias

from ..lifecycle import Document
from ..models.base import Finish, ModelDelta, ModelRequest, UsageDelta
from ..transaction import Transaction
from .exchange import EXCHANGE, Exchange

_log = logging.getLogger("assistream.engine")

Said: TypeAlias = tuple[str, Document]
"""The name of an event that carries an object, and the object."""


class Written(Protocol):
    """A delta that was written."""

    @property
    def run_id(self) -> str: ...


class Asked:
    """One call of the model: how it went is known when it is `over`."""

    def __init__(self, observer: Observer, run: Document, request: ModelRequest) -> None:
        self._observer = observer
        self.run: Document = run
        self.request: ModelRequest = request
        self.context: Context | None = None
        """In which the model works, if an observer wants it to be another one."""
        self.usage: UsageDelta | None = None
        self.finish: Finish | None = None
        self.error: BaseException | None = None
        self._began = time.perf_counter()
        self.seconds: float = 0.0
        observer.asking(self)

    def take(self, delta: ModelDelta) -> None:
        if type(delta) is UsageDelta:
            self.usage = delta
        elif type(delta) is Finish:
            self.finish = delta

    def over(self, error: BaseException | None) -> None:
        self.error, self.seconds = error, time.perf_counter() - self._began
        self._observer.answered(self)


class Observer:
    """Is told, and does nothing: those who want to know something override it."""

    def request_began(self, exchange: Exchange) -> None:
        """In the context in which it is served."""

    def request_over(self, exchange: Exchange) -> None:
        """All of the answer was sent, or nobody takes it any more."""

    async def writing(self, transaction: Transaction, said: Sequence[Said]) -> None:
        """Events that carry objects are being written: what is written here is written with them, or not at all."""

    def wrote(self, said: Sequence[Said], deltas: Sequence[Written]) -> None:
        """They are, and deltas before them."""

    def leg_began(self, run: Document) -> None: ...

    def leg_over(self, run: Document) -> None: ...

    def asking(self, asked: Asked) -> None:
        """The model is about to be asked."""

    def answered(self, asked: Asked) -> None:
        """The model has ended, or failed, or was stopped."""

    def delivered(self, place: str, outcome: str) -> None:
        """An attempt to tell a webhook: "delivered", "failed" (it is tried again) or "dropped"."""


class Observers(Observer):
    """Several, told in their order. One that fails fails alone, and what it was told of goes on."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = observers

    def _tell(self, what: str, *arguments: object) -> None:
        for one in self._observers:
            try:
                getattr(one, what)(*arguments)
            except Exception:  # a program's own may raise anything, in the middle of a run that is none of its business
                _log.exception("%s failed in %s", type(one).__name__, what)

    def request_began(self, exchange: Exchange) -> None:
        self._tell("request_began", exchange)

    def request_over(self, exchange: Exchange) -> None:
        self._tell("request_over", exchange)

    async def writing(self, transaction: Transaction, said: Sequence[Said]) -> None:
        for one in self._observers:
            await one.writing(transaction, said)

    def wrote(self, said: Sequence[Said], deltas: Sequence[Written]) -> None:
        exchange = EXCHANGE.get()
        for name, document in said:
            if exchange and name == "thread.run.created":
                exchange.run_id = document["id"]
        self._tell("wrote", said, deltas)

    def leg_began(self, run: Document) -> None:
        self._tell("leg_began", run)

    def leg_over(self, run: Document) -> None:
        self._tell("leg_over", run)

    def asking(self, asked: Asked) -> None:
        self._tell("asking", asked)

    def answered(self, asked: Asked) -> None:
        self._tell("answered", asked)

    def delivered(self, place: str, outcome: str) -> None:
        self._tell("delivered", place, outcome)


NOBODY = Observer()
