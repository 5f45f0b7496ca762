"""An import path of the reference client: `openai.lib.azure`."""

from __future__ import annotations

from ..client import AsyncAzureOpenAI, AzureOpenAI
from ..transport.settings import Key as AzureADTokenProvider

__all__ = ["AsyncAzureOpenAI", "AzureADTokenProvider", "AzureOpenAI"]
