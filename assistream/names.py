"""Names that programs import from the package itself, and that are at home in deeper places."""

from __future__ import annotations

from types import NoneType
from typing import TypeAlias

import httpx
from httpx import Timeout

from .transport.binary import HttpxBinaryResponseContent
from .transport.connections import LIMITS as DEFAULT_CONNECTION_LIMITS
from .transport.connections import DefaultAioHttpClient, DefaultAsyncHttpxClient, DefaultHttpxClient
from .transport.pagination import AsyncCursorPage, AsyncPaginator, SyncCursorPage
from .transport.response import RawResponse
from .transport.settings import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT
from .transport.streamed import APIResponse, AsyncAPIResponse
from .types.params import RequestOptions

__all__ = [
    "DEFAULT_CONNECTION_LIMITS",
    "DEFAULT_MAX_RETRIES",
    "DEFAULT_TIMEOUT",
    "APIResponse",
    "AsyncAPIResponse",
    "AsyncCursorPage",
    "AsyncPaginator",
    "DefaultAioHttpClient",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "HttpxBinaryResponseContent",
    "NoneType",
    "ProxiesTypes",
    "RawResponse",
    "RequestOptions",
    "SyncCursorPage",
    "Timeout",
    "Transport",
]

Transport: TypeAlias = httpx.BaseTransport
ProxiesTypes: TypeAlias = str | httpx.Proxy | dict[str, str | httpx.Proxy | None] | None
