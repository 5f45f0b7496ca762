from __future__ import annotations

import random
import re
import time
from collections import Counter

import pytest

from assistream.engine import ids
from assistream.engine.ids import Moments, new_id, now


def test_ids() -> None:
    made = {new_id("run") for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"run_[a-zA-Z0-9]{24}", one) for one in made)


def test_each_letter_is_as_likely_as_the_others() -> None:
    found = Counter(bytes(range(256)).translate(ids._LETTERS, ids._TOO_MANY))
    assert (len(found), set(found.values())) == (62, {4})


def test_bytes_that_stand_for_no_letter_are_asked_for_again() -> None:
    class Unlucky(random.Random):
        answers = iter([b"\xff" * 30, b"\xfe" * 40 + b"\x00" * 10, b"\x01" * 48])

        def randbytes(self, n: int) -> bytes:
            return next(self.answers)

    assert new_id("run", Unlucky()) == "run_" + "a" * 10 + "b" * 14


def test_a_file_has_a_dash() -> None:
    assert re.fullmatch(r"file-[a-zA-Z0-9]{24}", new_id("file"))


def test_now_is_whole_seconds() -> None:
    assert isinstance(now(), int)
    assert abs(now() - time.time()) < 5


def test_moments_go_on_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = Moments()
    times = iter([100, 100, 50, 200])
    monkeypatch.setattr(time, "time_ns", lambda: next(times))
    assert [moments.next() for _ in range(4)] == [100, 101, 102, 200]


def test_moments_go_on_after_those_of_another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = Moments()
    moments.follow(100)
    moments.follow(7)
    monkeypatch.setattr(time, "time_ns", lambda: 50)
    assert [moments.next(), moments.next()] == [101, 102]
