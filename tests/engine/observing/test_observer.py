from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from assistream.engine.models import Finish, ModelRequest
from assistream.engine.models.base import TextDelta, UsageDelta
from assistream.engine.observing.exchange import EXCHANGE, exchange_of
from assistream.engine.observing.observer import NOBODY, Asked, Observer, Observers, Said
from assistream.engine.transaction import Transaction

RUN = {"id": "run_1", "object": "thread.run"}
WHAT: list[tuple[str, tuple[Any, ...]]] = [
    ("request_began", (None,)),
    ("request_over", (None,)),
    ("wrote", ((), ())),
    ("leg_began", (RUN,)),
    ("leg_over", (RUN,)),
    ("asking", (None,)),
    ("answered", (None,)),
    ("delivered", ("place", "failed")),
]


class Noting(Observer):
    def __init__(self) -> None:
        self.told: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name not in dict(WHAT):
            return super().__getattribute__(name)
        return partial(self._note, name)

    def _note(self, name: str, *arguments: object) -> None:
        self.told.append(name)


class Failing(Observer):
    def __getattribute__(self, name: str) -> Any:
        if name in dict(WHAT):
            raise ZeroDivisionError
        return super().__getattribute__(name)


def test_all_are_told_of_everything_though_one_fails(caplog: pytest.LogCaptureFixture) -> None:
    first, last = Noting(), Noting()
    several = Observers([first, Failing(), last])
    for name, arguments in WHAT:
        getattr(several, name)(*arguments)
        getattr(NOBODY, name)(*arguments)
    assert first.told == last.told == [name for name, _ in WHAT]
    assert caplog.text.count("Failing failed in") == len(WHAT)
    missing = {name for name in vars(Observer) if name[0] != "_"} - dict(WHAT).keys()
    assert missing == {"writing"}


def test_who_cannot_write_is_heard() -> None:
    """It happens together with what it is about, or neither does."""

    class Refusing(Observer):
        async def writing(self, transaction: Transaction, said: Sequence[Said]) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(Observers([Refusing()]).writing(None, []))  # type: ignore[arg-type]  # it is not looked at


def test_a_request_knows_the_run_that_it_made() -> None:
    exchange = exchange_of({"type": "http", "method": "POST", "path": "/", "headers": []})
    token = EXCHANGE.set(exchange)
    Observers([]).wrote([("thread.run.created", RUN), ("thread.run.queued", RUN | {"id": "run_2"})], [])
    EXCHANGE.reset(token)
    assert exchange.run_id == "run_1"


def test_how_a_call_of_the_model_went() -> None:
    noting, error = Noting(), ZeroDivisionError()
    asked = Asked(noting, RUN, ModelRequest("any", []))
    for delta in (TextDelta("Hello"), UsageDelta(1, 2), Finish("stop")):
        asked.take(delta)
    asked.over(error)
    assert (asked.usage, asked.finish, asked.error) == (UsageDelta(1, 2), Finish("stop"), error)
    assert asked.seconds > 0
    assert noting.told == ["asking", "answered"]
