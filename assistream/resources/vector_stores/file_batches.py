"""Files that are taken into a vector store together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Unpack

from ...transport.call import Call, get, path, post
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
    view,
)
from ...transport.flows import Flow, perform, perform_together, poll, shared
from ...types.base import NOT_GIVEN, Omittable
from ...types.pages import CursorPage
from ...types.params import RequestOptions
from ...types.store_params import FileBatchCreateParams, FileTypes, VectorStoreFileListParams, VectorStoreFileOptions
from ...types.stores import VectorStoreFile, VectorStoreFileBatch
from ..files import FileEndpoints


class _FileBatches:
    @endpoint
    def create(self, vector_store_id: str, **params: Unpack[FileBatchCreateParams]) -> Call[VectorStoreFileBatch]:
        """Take files into a vector store."""
        return post(_path(vector_store_id), VectorStoreFileBatch, params, version="v2")

    @endpoint
    def retrieve(
        self, batch_id: str, *, vector_store_id: str, **params: Unpack[RequestOptions]
    ) -> Call[VectorStoreFileBatch]:
        """Fetch a batch: its `file_counts` tell how far it is."""
        return get(_path(vector_store_id, batch_id), VectorStoreFileBatch, params, version="v2")

    @endpoint
    def cancel(
        self, batch_id: str, *, vector_store_id: str, **params: Unpack[RequestOptions]
    ) -> Call[VectorStoreFileBatch]:
        """Stop a batch as soon as possible; files already processed stay."""
        return post(
            _path(vector_store_id, batch_id) + "/cancel", VectorStoreFileBatch, params, empty=True, version="v2"
        )

    @listing
    def list_files(
        self, batch_id: str, *, vector_store_id: str, **params: Unpack[VectorStoreFileListParams]
    ) -> Call[CursorPage[VectorStoreFile]]:
        """List the files of a batch."""
        return get(_path(vector_store_id, batch_id) + "/files", CursorPage[VectorStoreFile], params, version="v2")


class _FileBatchFlows:
    """As in files.py."""

    @flow
    def poll(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFileBatch], object] | None = None,
        **params: Unpack[RequestOptions],
    ) -> Flow[VectorStoreFileBatch]:
        """Wait until every file of a batch is processed, well or not: its `file_counts` tell."""
        call = _FileBatches.retrieve.call(batch_id, vector_store_id=vector_store_id, **params)
        return poll(call, _pending, poll_interval_ms, on_poll)

    @flow
    def create_and_poll(
        self,
        vector_store_id: str,
        *,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFileBatch], object] | None = None,
        **params: Unpack[FileBatchCreateParams],
    ) -> Flow[VectorStoreFileBatch]:
        """Take files into a vector store and wait until they are processed."""
        batch = yield from perform(_FileBatches.create.call(vector_store_id, **params))
        call = _FileBatches.retrieve.call(batch.id, vector_store_id=vector_store_id, **shared(params))
        return (yield from poll(call, _pending, poll_interval_ms, on_poll))

    @flow
    def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        files: Iterable[FileTypes],
        max_concurrency: int = 5,
        file_ids: Iterable[str] = (),
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFileBatch], object] | None = None,
        **params: Unpack[VectorStoreFileOptions],
    ) -> Flow[VectorStoreFileBatch]:
        """Upload files, `max_concurrency` at a time, and take them into a vector store with those of `file_ids`.

        Where an upload fails, that is the error, and no batch is made; files uploaded by then stay.
        """
        uploads = [FileEndpoints.create.call(file=file, purpose="assistants", **shared(params)) for file in files]
        uploaded = yield from perform_together(uploads, max_concurrency)
        ids = [*file_ids, *(file.id for file in uploaded)]
        batch = yield from perform(_FileBatches.create.call(vector_store_id, file_ids=ids, **params))
        call = _FileBatches.retrieve.call(batch.id, vector_store_id=vector_store_id, **shared(params))
        return (yield from poll(call, _pending, poll_interval_ms, on_poll))


def _pending(batch: VectorStoreFileBatch) -> bool:
    return batch.status == "in_progress"


def _path(vector_store_id: str, *batch_id: str) -> str:
    batches = path("/vector_stores/{vector_store_id}/file_batches", vector_store_id=vector_store_id)
    return batches + "".join(path("/{batch_id}", batch_id=one) for one in batch_id)


class FileBatchesWithRawResponse(_FileBatches, RawView): ...


class FileBatchesWithStreamingResponse(_FileBatches, StreamingView): ...


class AsyncFileBatchesWithRawResponse(_FileBatches, AsyncRawView): ...


class AsyncFileBatchesWithStreamingResponse(_FileBatches, AsyncStreamingView): ...


class FileBatches(_FileBatches, _FileBatchFlows, Resource):
    with_raw_response: Final = view(FileBatchesWithRawResponse)
    with_streaming_response: Final = view(FileBatchesWithStreamingResponse)


class AsyncFileBatches(_FileBatches, _FileBatchFlows, AsyncResource):
    with_raw_response: Final = view(AsyncFileBatchesWithRawResponse)
    with_streaming_response: Final = view(AsyncFileBatchesWithStreamingResponse)
