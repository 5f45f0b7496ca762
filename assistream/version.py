"""An import path of the reference client: `openai.version`."""

from __future__ import annotations

from ._version import __version__ as VERSION

__all__ = ["VERSION"]
