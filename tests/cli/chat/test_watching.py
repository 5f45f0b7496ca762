from __future__ import annotations

import os
import signal

import pytest

from assistream.cli.chat.watching import Watcher, ctrl_c_cancels
from assistream.types import PendingCall

CALL = PendingCall(id="call_1", name="refund", arguments="{}", run_id="run_1", thread_id="thread_1")


def ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_it_asks() -> None:
    asked: list[PendingCall] = []

    def refuse(call: PendingCall) -> str:
        asked.append(call)
        return "no"

    assert Watcher(refuse, None).on_tool_approval(CALL) == "no"
    assert asked == [CALL]


def test_before_there_is_a_run_ctrl_c_is_what_it_always_is() -> None:
    before = signal.getsignal(signal.SIGINT)
    watcher = Watcher(lambda call: True, None)
    assert not watcher.can_cancel
    with ctrl_c_cancels(watcher) as pressed, pytest.raises(KeyboardInterrupt):
        ctrl_c()
    assert len(pressed) == 1
    assert signal.getsignal(signal.SIGINT) is before


class Running(Watcher):
    cancelled = 0

    @property
    def can_cancel(self) -> bool:
        return True

    def cancel(self) -> None:
        self.cancelled += 1


def test_the_first_time_cancels_and_the_second_interrupts() -> None:
    watcher = Running(lambda call: True, None)
    with ctrl_c_cancels(watcher) as pressed:
        ctrl_c()
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
    assert (watcher.cancelled, len(pressed)) == (1, 2)
