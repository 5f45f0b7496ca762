"""An import path of the reference client: `openai.lib.azure`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from ..client import AsyncAzureOpenAI, AzureOpenAI

__all__ = ["AsyncAzureADTokenProvider", "AsyncAzureOpenAI", "AzureADTokenProvider", "AzureOpenAI"]

AzureADTokenProvider: TypeAlias = Callable[[], str]
AsyncAzureADTokenProvider: TypeAlias = Callable[[], str] | Callable[[], Awaitable[str]]
