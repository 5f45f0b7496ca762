"""Files: uploaded for tools, or made by them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final, Unpack

from ..errors import WaitTimeoutError
from ..transport.binary import HttpxBinaryResponseContent
from ..transport.call import Call, delete, get, path, post
from ..transport.endpoint import (
    AsyncRawView,
    AsyncResource,
    AsyncStreamingView,
    RawView,
    Resource,
    StreamingView,
    binary,
    endpoint,
    flow,
    listing,
    view,
)
from ..transport.flows import Flow, Sleep, perform
from ..types.files import FileDeleted, FileObject
from ..types.pages import CursorPage
from ..types.params import RequestOptions
from ..types.store_params import FileCreateParams, FileListParams

PROCESSED = frozenset({"processed", "error", "deleted"})


class FileEndpoints:
    @endpoint
    def create(self, **params: Unpack[FileCreateParams]) -> Call[FileObject]:
        """Upload a file, which is read while it is sent.

        Args:
            file: A `pathlib.Path`, bytes, or a file opened in binary mode; or a tuple of a name, one of these, and
                its content type.
            purpose: What it is for: "assistants" for tools and messages, "vision" for images.
            expires_after: So many `seconds` after its making, the `anchor` "created_at"; by default it stays.
        """
        return post("/files", FileObject, params, files=("file",), version=None)

    @endpoint
    def retrieve(self, file_id: str, **params: Unpack[RequestOptions]) -> Call[FileObject]:
        """Fetch what is known about a file; `content` is what it holds."""
        return get(_path(file_id), FileObject, params, version=None)

    @listing
    def list(self, **params: Unpack[FileListParams]) -> Call[CursorPage[FileObject]]:
        """List files."""
        return get("/files", CursorPage[FileObject], params, version=None)

    @endpoint
    def delete(self, file_id: str, **params: Unpack[RequestOptions]) -> Call[FileDeleted]:
        """Delete a file."""
        return delete(_path(file_id), FileDeleted, params, version=None)

    @binary
    def content(self, file_id: str, **params: Unpack[RequestOptions]) -> Call[HttpxBinaryResponseContent]:
        """Fetch what a file holds. It is received whole; use `with_streaming_response` for what is large."""
        call = get(_path(file_id) + "/content", HttpxBinaryResponseContent, params, version=None)
        return replace(call, headers={"Accept": "application/binary"})

    @endpoint
    def retrieve_content(self, file_id: str, **params: Unpack[RequestOptions]) -> Call[str]:
        """Fetch what a file holds, as text: an old name, for `content(...).text`."""
        return get(_path(file_id) + "/content", str, params, version=None)


class _FileFlows:
    @flow
    def wait_for_processing(
        self, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 30 * 60
    ) -> Flow[FileObject]:
        """Wait until a file is processed, or could not be: its `status` tells.

        Args:
            id: The id of the file.
            poll_interval: The wait between two questions, in seconds.
            max_wait_seconds: How long to wait at most.

        Raises:
            WaitTimeoutError: It took longer than `max_wait_seconds`.
        """
        until = time.monotonic() + max_wait_seconds
        while True:
            file = yield from perform(FileEndpoints.retrieve.call(id))
            if file.status in PROCESSED:
                return file
            if time.monotonic() + poll_interval > until:
                raise WaitTimeoutError(
                    f"File {id} was not processed within {max_wait_seconds:g} s: it is {file.status}."
                )
            yield Sleep(poll_interval)


def _path(file_id: str) -> str:
    return path("/files/{file_id}", file_id=file_id)


class FilesWithRawResponse(FileEndpoints, RawView):
    """As `Files`, answering with `RawResponse` objects."""


class FilesWithStreamingResponse(FileEndpoints, StreamingView):
    """As `Files`, answering with context managers that give `APIResponse` objects."""


class AsyncFilesWithRawResponse(FileEndpoints, AsyncRawView):
    """As `AsyncFiles`, answering with `RawResponse` objects."""


class AsyncFilesWithStreamingResponse(FileEndpoints, AsyncStreamingView):
    """As `AsyncFiles`, answering with context managers that give `AsyncAPIResponse` objects."""


class Files(FileEndpoints, _FileFlows, Resource):
    """Files: uploaded for tools and messages, or made by tools.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(FilesWithRawResponse)
    with_streaming_response: Final = view(FilesWithStreamingResponse)


class AsyncFiles(FileEndpoints, _FileFlows, AsyncResource):
    """As `Files`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncFilesWithRawResponse)
    with_streaming_response: Final = view(AsyncFilesWithStreamingResponse)
