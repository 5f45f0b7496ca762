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
from ...transport.flows import Flow, Polling, perform, perform_together, shared
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
        """Wait until every file of a batch is processed, well or not: its `file_counts` tell.

        Args:
            batch_id: The id of the batch.
            vector_store_id: The vector store it is for.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            on_poll: Called with the batch each time the server was asked; a coroutine function is awaited.
        """
        polling = Polling(poll_interval_ms, on_poll)
        return polling.until(_FileBatches.retrieve.call(batch_id, vector_store_id=vector_store_id, **params), _is_done)

    @flow
    def create_and_poll(
        self,
        vector_store_id: str,
        *,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[VectorStoreFileBatch], object] | None = None,
        **params: Unpack[FileBatchCreateParams],
    ) -> Flow[VectorStoreFileBatch]:
        """Take files into a vector store and wait until they are processed.

        Args:
            vector_store_id: The id of the vector store.
            file_ids: The files, with `attributes` and `chunking_strategy` for all; or else `files`.
            files: The files, each with attributes and a chunking strategy of its own.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            on_poll: Called with the batch each time the server was asked; a coroutine function is awaited.
        """
        polling = Polling(poll_interval_ms, on_poll)
        batch = yield from perform(_FileBatches.create.call(vector_store_id, **params))
        call = _FileBatches.retrieve.call(batch.id, vector_store_id=vector_store_id, **shared(params))
        return (yield from polling.until(call, _is_done))

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

        Args:
            vector_store_id: The id of the vector store.
            files: What `files.create` takes, any number of times.
            max_concurrency: How many files may be on their way at the same time.
            file_ids: Files that were uploaded before.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            on_poll: Called with the batch each time the server was asked; a coroutine function is awaited.
        """
        polling = Polling(poll_interval_ms, on_poll)
        _path(vector_store_id)  # refuses what is no id, before anything is uploaded
        uploads = [FileEndpoints.create.call(file=file, purpose="assistants", **shared(params)) for file in files]
        uploaded = yield from perform_together(uploads, max_concurrency)
        ids = [*file_ids, *(file.id for file in uploaded)]
        batch = yield from perform(_FileBatches.create.call(vector_store_id, file_ids=ids, **params))
        call = _FileBatches.retrieve.call(batch.id, vector_store_id=vector_store_id, **shared(params))
        return (yield from polling.until(call, _is_done))


def _is_done(batch: VectorStoreFileBatch) -> bool:
    return batch.status != "in_progress"


def _path(vector_store_id: str, *batch_id: str) -> str:
    batches = path("/vector_stores/{vector_store_id}/file_batches", vector_store_id=vector_store_id)
    return batches + "".join(path("/{batch_id}", batch_id=one) for one in batch_id)


class FileBatchesWithRawResponse(_FileBatches, RawView):
    """As `FileBatches`, answering with `RawResponse` objects."""


class FileBatchesWithStreamingResponse(_FileBatches, StreamingView):
    """As `FileBatches`, answering with context managers that give `APIResponse` objects."""


class AsyncFileBatchesWithRawResponse(_FileBatches, AsyncRawView):
    """As `AsyncFileBatches`, answering with `RawResponse` objects."""


class AsyncFileBatchesWithStreamingResponse(_FileBatches, AsyncStreamingView):
    """As `AsyncFileBatches`, answering with context managers that give `AsyncAPIResponse` objects."""


class FileBatches(_FileBatches, _FileBatchFlows, Resource):
    """Files that are taken into a vector store together.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(FileBatchesWithRawResponse)
    with_streaming_response: Final = view(FileBatchesWithStreamingResponse)


class AsyncFileBatches(_FileBatches, _FileBatchFlows, AsyncResource):
    """As `FileBatches`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncFileBatchesWithRawResponse)
    with_streaming_response: Final = view(AsyncFileBatchesWithStreamingResponse)
