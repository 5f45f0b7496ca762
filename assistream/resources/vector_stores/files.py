"""Files in a vector store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Unpack

from ...transport.call import Call, delete, get, path, post
from ...transport.endpoint import (
    AsyncRawView,
    AsyncResource,
    AsyncStreamingView,
    RawView,
    Resource,
    StreamingView,
    endpoint,
    flow,
    listing,
    unpaged,
    view,
)
from ...transport.flows import Flow, Polling, perform, shared
from ...types.base import NOT_GIVEN, Omittable
from ...types.pages import CursorPage, Page
from ...types.params import RequestOptions
from ...types.store_params import (
    FileTypes,
    VectorStoreFileCreateParams,
    VectorStoreFileListParams,
    VectorStoreFileOptions,
    VectorStoreFileUpdateParams,
)
from ...types.stores import FileContentResponse, VectorStoreFile, VectorStoreFileDeleted
from ..files import FileEndpoints


class _Files:
    @endpoint
    def create(self, vector_store_id: str, **params: Unpack[VectorStoreFileCreateParams]) -> Call[VectorStoreFile]:
        """Take a file into a vector store; it is `in_progress` until it can be searched."""
        return post(_path(vector_store_id), VectorStoreFile, params, version="v2")

    @endpoint
    def retrieve(
        self, file_id: str, *, vector_store_id: str, **params: Unpack[RequestOptions]
    ) -> Call[VectorStoreFile]:
        """Fetch what is known about a file in a vector store."""
        return get(_path(vector_store_id, file_id), VectorStoreFile, params, version="v2")

    @endpoint
    def update(
        self, file_id: str, *, vector_store_id: str, **params: Unpack[VectorStoreFileUpdateParams]
    ) -> Call[VectorStoreFile]:
        """Change a file's attributes."""
        return post(_path(vector_store_id, file_id), VectorStoreFile, params, version="v2")

    @listing
    def list(
        self, vector_store_id: str, **params: Unpack[VectorStoreFileListParams]
    ) -> Call[CursorPage[VectorStoreFile]]:
        """List the files of a vector store."""
        return get(_path(vector_store_id), CursorPage[VectorStoreFile], params, version="v2")

    @endpoint
    def delete(
        self, file_id: str, *, vector_store_id: str, **params: Unpack[RequestOptions]
    ) -> Call[VectorStoreFileDeleted]:
        """Take a file out of a vector store; the file itself stays."""
        return delete(_path(vector_store_id, file_id), VectorStoreFileDeleted, params, version="v2")

    @unpaged
    def content(
        self, file_id: str, *, vector_store_id: str, **params: Unpack[RequestOptions]
    ) -> Call[Page[FileContentResponse]]:
        """Fetch a file's text, as it was read for searching."""
        return get(_path(vector_store_id, file_id) + "/content", Page[FileContentResponse], params, version="v2")


class _FileFlows:
    """`on_poll` is told of the file whenever the server was asked; without a `poll_interval_ms` it sets the pace."""

    @flow
    def poll(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        max_wait_seconds: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFile], object] | None = None,
        **params: Unpack[RequestOptions],
    ) -> Flow[VectorStoreFile]:
        """Wait until a file is processed, well or not: its `status` and `last_error` tell.

        Args:
            file_id: The id of the file.
            vector_store_id: The vector store it is in.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            max_wait_seconds: How long to ask at most; after it comes a `WaitTimeoutError`, and the server goes on.
            on_poll: Called with the file each time the server was asked; a coroutine function is awaited.
        """
        polling = Polling(poll_interval_ms, on_poll, max_wait_seconds)
        return polling.until(_Files.retrieve.call(file_id, vector_store_id=vector_store_id, **params), _is_done)

    @flow
    def create_and_poll(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        max_wait_seconds: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFile], object] | None = None,
        **params: Unpack[VectorStoreFileOptions],
    ) -> Flow[VectorStoreFile]:
        """Take a file into a vector store and wait until it is processed.

        Args:
            file_id: The id of an uploaded file.
            vector_store_id: The id of the vector store.
            attributes: Up to 16 strings, numbers and bools by name, which searches can filter by.
            chunking_strategy: How it is cut: of the type "auto" by the server, or "static" into given sizes.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            max_wait_seconds: How long to ask at most; after it comes a `WaitTimeoutError`, and the server goes on.
            on_poll: Called with the file each time the server was asked; a coroutine function is awaited.
        """
        polling = Polling(poll_interval_ms, on_poll, max_wait_seconds)
        yield from perform(_Files.create.call(vector_store_id, file_id=file_id, **params))
        call = _Files.retrieve.call(file_id, vector_store_id=vector_store_id, **shared(params))
        return (yield from polling.until(call, _is_done))

    @flow
    def upload(
        self, *, vector_store_id: str, file: FileTypes, **params: Unpack[VectorStoreFileOptions]
    ) -> Flow[VectorStoreFile]:
        """Upload a file and take it into a vector store.

        Args:
            vector_store_id: The id of the vector store.
            file: What `files.create` takes: a `pathlib.Path`, bytes, a file opened in binary mode.
            attributes: Up to 16 strings, numbers and bools by name, which searches can filter by.
            chunking_strategy: How it is cut: of the type "auto" by the server, or "static" into given sizes.
        """
        _path(vector_store_id)  # refuses what is no id, before anything is uploaded
        uploaded = yield from perform(FileEndpoints.create.call(file=file, purpose="assistants", **shared(params)))
        return (yield from perform(_Files.create.call(vector_store_id, file_id=uploaded.id, **params)))

    @flow
    def upload_and_poll(
        self,
        *,
        vector_store_id: str,
        file: FileTypes,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        max_wait_seconds: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFile], object] | None = None,
        **params: Unpack[VectorStoreFileOptions],
    ) -> Flow[VectorStoreFile]:
        """Upload a file, take it into a vector store and wait until it is processed.

        Args:
            vector_store_id: The id of the vector store.
            file: What `files.create` takes: a `pathlib.Path`, bytes, a file opened in binary mode.
            attributes: Up to 16 strings, numbers and bools by name, which searches can filter by.
            chunking_strategy: How it is cut: of the type "auto" by the server, or "static" into given sizes.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            max_wait_seconds: How long to ask at most; after it comes a `WaitTimeoutError`, and the server goes on.
            on_poll: Called with the file each time the server was asked; a coroutine function is awaited.
        """
        polling = Polling(poll_interval_ms, on_poll, max_wait_seconds)
        taken = yield from _FileFlows.upload.call(vector_store_id=vector_store_id, file=file, **params)
        call = _Files.retrieve.call(taken.id, vector_store_id=vector_store_id, **shared(params))
        return (yield from polling.until(call, _is_done))


def _is_done(file: VectorStoreFile) -> bool:
    return file.status != "in_progress"


def _path(vector_store_id: str, *file_id: str) -> str:
    files = path("/vector_stores/{vector_store_id}/files", vector_store_id=vector_store_id)
    return files + "".join(path("/{file_id}", file_id=one) for one in file_id)


class FilesWithRawResponse(_Files, RawView):
    """As `Files`, answering with `RawResponse` objects."""


class FilesWithStreamingResponse(_Files, StreamingView):
    """As `Files`, answering with context managers that give `APIResponse` objects."""


class AsyncFilesWithRawResponse(_Files, AsyncRawView):
    """As `AsyncFiles`, answering with `RawResponse` objects."""


class AsyncFilesWithStreamingResponse(_Files, AsyncStreamingView):
    """As `AsyncFiles`, answering with context managers that give `AsyncAPIResponse` objects."""


class Files(_Files, _FileFlows, Resource):
    """Files in a vector store.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(FilesWithRawResponse)
    with_streaming_response: Final = view(FilesWithStreamingResponse)


class AsyncFiles(_Files, _FileFlows, AsyncResource):
    """As `Files`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncFilesWithRawResponse)
    with_streaming_response: Final = view(AsyncFilesWithStreamingResponse)
