# Written by scripts/unasync.py from _async.py; edit that file instead.
"""A run as the server has it: looked at again, and stopped within a few seconds."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import Final

from ...errors import APIStatusError
from ...streaming.events import TERMINAL
from ...transport._sync import Transport
from ...transport.call import Call
from ...transport.concurrency import shielded, sleep
from ...types import Run
from ..binding import RunCalls

log = logging.getLogger("assistream")

STOP_SECONDS: Final = 5.0
"""How long stopping a run may hold up whoever leaves."""

STOP_WAITS: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between two looks at a run that is being cancelled."""


class RemoteRun:
    """Asks the server about the run of one stream."""

    def __init__(self, transport: Transport, calls: RunCalls) -> None:
        self._transport, self._calls = transport, calls

    def fetched(self, run: Run) -> Run:
        return (self._transport.send(self._calls.retrieve(run))).parse()

    def stopped(self, run: Run, *, answered: bool) -> Run | None:
        """Cancel the run and wait until it has ended, so that its thread is free; None if that did not work.

        Where outputs were sent and may have arrived (`answered`), a run that has gone on with them is left alone.
        Nothing is raised: whoever leaves has a reason of his own.
        """
        with shielded(STOP_SECONDS):
            try:
                return self._stopped(run, answered=answered)
            except Exception as error:
                log.warning("run %s could not be cancelled: %s", run.id, error)
        return None

    def _stopped(self, known: Run, *, answered: bool) -> Run:
        until = time.monotonic() + STOP_SECONDS  # threads have nothing else to hold them to it
        if answered and (run := self._soon(self._calls.retrieve(known))).status != "requires_action":
            return run
        try:
            run = self._soon(self._calls.cancel(known))
        except APIStatusError as error:
            run = self._soon(self._calls.retrieve(known))
            if run.status not in TERMINAL:
                log.warning("run %s could not be cancelled: %s", run.id, error)
            if run.status != "cancelling":  # it has ended by itself, or nothing ends it soon
                return run
        for seconds in STOP_WAITS:
            if run.status in TERMINAL or time.monotonic() + seconds > until:
                break
            sleep(seconds)
            run = self._soon(self._calls.retrieve(known))
        return run

    def _soon(self, call: Call[Run]) -> Run:
        return (self._transport.send(replace(call, timeout=STOP_SECONDS))).parse()
