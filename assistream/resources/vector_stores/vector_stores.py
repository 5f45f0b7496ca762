"""Vector stores: files that can be searched."""

from __future__ import annotations

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
    listing,
    unpaged,
    view,
)
from ...types.pages import CursorPage, Page
from ...types.params import RequestOptions
from ...types.store_params import (
    VectorStoreCreateParams,
    VectorStoreListParams,
    VectorStoreSearchParams,
    VectorStoreUpdateParams,
)
from ...types.stores import VectorStore, VectorStoreDeleted, VectorStoreSearchResponse
from .file_batches import (
    AsyncFileBatches,
    AsyncFileBatchesWithRawResponse,
    AsyncFileBatchesWithStreamingResponse,
    FileBatches,
    FileBatchesWithRawResponse,
    FileBatchesWithStreamingResponse,
)
from .files import (
    AsyncFiles,
    AsyncFilesWithRawResponse,
    AsyncFilesWithStreamingResponse,
    Files,
    FilesWithRawResponse,
    FilesWithStreamingResponse,
)


class _VectorStores:
    @endpoint
    def create(self, **params: Unpack[VectorStoreCreateParams]) -> Call[VectorStore]:
        """Make a vector store, with its first files if there are any.

        Args:
            name: For people.
            file_ids: Its first files.
            chunking_strategy: How they are cut: of the type "auto" by the server, or "static" into given sizes.
            expires_after: So many `days` after its last use, the `anchor` "last_active_at"; by default it stays.
        """
        return post("/vector_stores", VectorStore, params, version="v2")

    @endpoint
    def retrieve(self, vector_store_id: str, **params: Unpack[RequestOptions]) -> Call[VectorStore]:
        """Fetch a vector store."""
        return get(_path(vector_store_id), VectorStore, params, version="v2")

    @endpoint
    def update(self, vector_store_id: str, **params: Unpack[VectorStoreUpdateParams]) -> Call[VectorStore]:
        """Change a vector store; what is not given stays as it is."""
        return post(_path(vector_store_id), VectorStore, params, version="v2")

    @listing
    def list(self, **params: Unpack[VectorStoreListParams]) -> Call[CursorPage[VectorStore]]:
        """List vector stores, the newest first."""
        return get("/vector_stores", CursorPage[VectorStore], params, version="v2")

    @endpoint
    def delete(self, vector_store_id: str, **params: Unpack[RequestOptions]) -> Call[VectorStoreDeleted]:
        """Delete a vector store; its files stay."""
        return delete(_path(vector_store_id), VectorStoreDeleted, params, version="v2")

    @unpaged
    def search(
        self, vector_store_id: str, **params: Unpack[VectorStoreSearchParams]
    ) -> Call[Page[VectorStoreSearchResponse]]:
        """Look for pieces of files, the best first.

        Args:
            vector_store_id: The id of the vector store.
            query: What to look for, in words.
            filters: Only in files whose attributes compare like this.
            max_num_results: From 1 to 50; 10 by default.
        """
        return post(_path(vector_store_id) + "/search", Page[VectorStoreSearchResponse], params, version="v2")


def _path(vector_store_id: str) -> str:
    return path("/vector_stores/{vector_store_id}", vector_store_id=vector_store_id)


class VectorStoresWithRawResponse(_VectorStores, RawView):
    """As `VectorStores`, answering with `RawResponse` objects."""

    files: Final = view(FilesWithRawResponse)
    file_batches: Final = view(FileBatchesWithRawResponse)


class VectorStoresWithStreamingResponse(_VectorStores, StreamingView):
    """As `VectorStores`, answering with context managers that give `APIResponse` objects."""

    files: Final = view(FilesWithStreamingResponse)
    file_batches: Final = view(FileBatchesWithStreamingResponse)


class AsyncVectorStoresWithRawResponse(_VectorStores, AsyncRawView):
    """As `AsyncVectorStores`, answering with `RawResponse` objects."""

    files: Final = view(AsyncFilesWithRawResponse)
    file_batches: Final = view(AsyncFileBatchesWithRawResponse)


class AsyncVectorStoresWithStreamingResponse(_VectorStores, AsyncStreamingView):
    """As `AsyncVectorStores`, answering with context managers that give `AsyncAPIResponse` objects."""

    files: Final = view(AsyncFilesWithStreamingResponse)
    file_batches: Final = view(AsyncFileBatchesWithStreamingResponse)


class VectorStores(_VectorStores, Resource):
    """Vector stores: files that the tool `file_search` can search.

    Raises:
        APIStatusError: The server says no; by the status, so for an unknown id it is a `NotFoundError`.
        APIConnectionError: No answer came, or not all of it.
        APIResponseValidationError: An answer that is not what the API promises.
        ValueError: An id is empty. It is told before anything is sent, and so is a wrong keyword, by a TypeError.
    """

    with_raw_response: Final = view(VectorStoresWithRawResponse)
    with_streaming_response: Final = view(VectorStoresWithStreamingResponse)
    files: Final = view(Files)
    file_batches: Final = view(FileBatches)


class AsyncVectorStores(_VectorStores, AsyncResource):
    """As `VectorStores`; methods are awaited, and so is a list, or read with ``async for``."""

    with_raw_response: Final = view(AsyncVectorStoresWithRawResponse)
    with_streaming_response: Final = view(AsyncVectorStoresWithStreamingResponse)
    files: Final = view(AsyncFiles)
    file_batches: Final = view(AsyncFileBatches)
