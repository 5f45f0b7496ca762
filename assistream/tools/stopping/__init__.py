"""Runs that nobody would answer any more are stopped at the server."""

from __future__ import annotations

from ._async import AsyncRemoteRun
from ._sync import RemoteRun

__all__ = ["AsyncRemoteRun", "RemoteRun"]
