"""Ready-made handlers, recordings, and streams that are sent on."""

from __future__ import annotations

from ._async import AsyncRecorder
from ._sync import Recorder
from .replaying import replay
from .sending import to_sse
from .watching import (
    AsyncConsole,
    AsyncNotebook,
    AsyncOpenTelemetry,
    AsyncTranscript,
    Console,
    Notebook,
    OpenTelemetry,
    Transcript,
)

__all__ = [
    "AsyncConsole",
    "AsyncNotebook",
    "AsyncOpenTelemetry",
    "AsyncRecorder",
    "AsyncTranscript",
    "Console",
    "Notebook",
    "OpenTelemetry",
    "Recorder",
    "Transcript",
    "replay",
    "to_sse",
]
