"""A server for tests whose model says what it is told: ``with ScriptedServer(says("Hi")) as server: ...``.

For pytest it is the fixture `assistants_server`, which is there once assistream is installed.
"""

from __future__ import annotations

from ..engine import ModelRequest, breaks_off, call, calls, crashes, pauses, refuses, says, uses, waits_for
from ..engine.models import Turn
from .server import Output, ScriptedServer
from .turns import drops_connection, fails, goes_silent, sends
from .wire import LoggedRequest

__all__ = [
    "LoggedRequest",
    "ModelRequest",
    "Output",
    "ScriptedServer",
    "Turn",
    "breaks_off",
    "call",
    "calls",
    "crashes",
    "drops_connection",
    "fails",
    "goes_silent",
    "pauses",
    "refuses",
    "says",
    "sends",
    "uses",
    "waits_for",
]
