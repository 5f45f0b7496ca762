"""The ready-made handlers that pass on what they are told to a view."""

from __future__ import annotations

from ._async import AsyncConsole, AsyncFollower, AsyncNotebook, AsyncOpenTelemetry, AsyncTranscript, AsyncWatcher
from ._sync import Console, Follower, Notebook, OpenTelemetry, Transcript, Watcher

__all__ = [
    "AsyncConsole",
    "AsyncFollower",
    "AsyncNotebook",
    "AsyncOpenTelemetry",
    "AsyncTranscript",
    "AsyncWatcher",
    "Console",
    "Follower",
    "Notebook",
    "OpenTelemetry",
    "Transcript",
    "Watcher",
]
