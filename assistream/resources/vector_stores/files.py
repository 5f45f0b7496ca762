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
from ...transport.flows import Flow, perform, poll, shared
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
        on_poll: Callable[[VectorStoreFile], object] | None = None,
        **params: Unpack[RequestOptions],
    ) -> Flow[VectorStoreFile]:
        """Wait until a file is processed, well or not: its `status` and `last_error` tell."""
        call = _Files.retrieve.call(file_id, vector_store_id=vector_store_id, **params)
        return poll(call, _pending, poll_interval_ms, on_poll)

    @flow
    def create_and_poll(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFile], object] | None = None,
        **params: Unpack[VectorStoreFileOptions],
    ) -> Flow[VectorStoreFile]:
        """Take a file into a vector store and wait until it is processed."""
        yield from perform(_Files.create.call(vector_store_id, file_id=file_id, **params))
        call = _Files.retrieve.call(file_id, vector_store_id=vector_store_id, **shared(params))
        return (yield from poll(call, _pending, poll_interval_ms, on_poll))

    @flow
    def upload(
        self, *, vector_store_id: str, file: FileTypes, **params: Unpack[VectorStoreFileOptions]
    ) -> Flow[VectorStoreFile]:
        """Upload a file and take it into a vector store."""
        uploaded = yield from perform(FileEndpoints.create.call(file=file, purpose="assistants", **shared(params)))
        return (yield from perform(_Files.create.call(vector_store_id, file_id=uploaded.id, **params)))

    @flow
    def upload_and_poll(
        self,
        *,
        vector_store_id: str,
        file: FileTypes,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFile], object] | None = None,
        **params: Unpack[VectorStoreFileOptions],
    ) -> Flow[VectorStoreFile]:
        """Upload a file, take it into a vector store and wait until it is processed."""
        uploaded = yield from perform(FileEndpoints.create.call(file=file, purpose="assistants", **shared(params)))
        yield from perform(_Files.create.call(vector_store_id, file_id=uploaded.id, **params))
        call = _Files.retrieve.call(uploaded.id, vector_store_id=vector_store_id, **shared(params))
        return (yield from poll(call, _pending, poll_interval_ms, on_poll))


def _pending(file: VectorStoreFile) -> bool:
    return file.status == "in_progress"


def _path(vector_store_id: str, *file_id: str) -> str:
    files = path("/vector_stores/{vector_store_id}/files", vector_store_id=vector_store_id)
    return files + "".join(path("/{file_id}", file_id=one) for one in file_id)


class FilesWithRawResponse(_Files, RawView): ...


class FilesWithStreamingResponse(_Files, StreamingView): ...


class AsyncFilesWithRawResponse(_Files, AsyncRawView): ...


class AsyncFilesWithStreamingResponse(_Files, AsyncStreamingView): ...


class Files(_Files, _FileFlows, Resource):
    with_raw_response: Final = view(FilesWithRawResponse)
    with_streaming_response: Final = view(FilesWithStreamingResponse)


class AsyncFiles(_Files, _FileFlows, AsyncResource):
    with_raw_response: Final = view(AsyncFilesWithRawResponse)
    with_streaming_response: Final = view(AsyncFilesWithStreamingResponse)
