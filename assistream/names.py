"""Names that programs import from the package itself, and that are at home in deeper places."""

from __future__ import annotations

import os
from pathlib import Path
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
from .types.store_params import FileTypes

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
    "file_from_path",
]

Transport: TypeAlias = httpx.BaseTransport
ProxiesTypes: TypeAlias = str | httpx.Proxy | dict[str, str | httpx.Proxy | None] | None


def file_from_path(path: str | os.PathLike[str]) -> FileTypes:
    """A file to upload, by its path. It is read while it is sent."""
    return os.path.basename(path), Path(path)
