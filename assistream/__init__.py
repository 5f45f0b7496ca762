"""Event-driven streaming for assistants: a typed client, handlers, and a server for the same API."""

from __future__ import annotations

from ._version import __version__

__all__ = ["__version__"]
