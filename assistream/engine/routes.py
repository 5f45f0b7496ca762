"""The table of routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from starlette.responses import Response

from .versions import Version
from .views import (
    assistants,
    file_batches,
    files,
    held_files,
    messages,
    models,
    runs,
    steps,
    streams,
    threads,
    transfer,
    vector_store_files,
    vector_stores,
)
from .views.call import Call

View: TypeAlias = Callable[[Call], Awaitable[Response]]

ROUTES: Mapping[str, Mapping[str, View]] = {
    "/assistants": {"GET": assistants.all, "POST": assistants.create},
    "/assistants/{assistant_id}": {
        "GET": assistants.retrieve,
        "POST": assistants.update,
        "DELETE": assistants.delete,
    },
    "/assistants/{assistant_id}/files": {"GET": held_files.all_of_assistant, "POST": held_files.attach_to_assistant},
    "/assistants/{assistant_id}/files/{file_id}": {
        "GET": held_files.one_of_assistant,
        "DELETE": held_files.detach_from_assistant,
    },
    "/threads": {"GET": threads.all, "POST": threads.create},
    "/threads/runs": {"POST": runs.create_with_thread},
    "/threads/{thread_id}": {"GET": threads.retrieve, "POST": threads.update, "DELETE": threads.delete},
    "/threads/{thread_id}/messages": {"GET": messages.all, "POST": messages.create},
    "/threads/{thread_id}/messages/{message_id}": {
        "GET": messages.retrieve,
        "POST": messages.update,
        "DELETE": messages.delete,
    },
    "/threads/{thread_id}/messages/{message_id}/files": {"GET": held_files.all_of_message},
    "/threads/{thread_id}/messages/{message_id}/files/{file_id}": {"GET": held_files.one_of_message},
    "/threads/{thread_id}/runs": {"GET": runs.all, "POST": runs.create},
    "/threads/{thread_id}/runs/{run_id}": {"GET": runs.retrieve, "POST": runs.update},
    "/threads/{thread_id}/runs/{run_id}/cancel": {"POST": runs.cancel},
    "/threads/{thread_id}/runs/{run_id}/submit_tool_outputs": {"POST": runs.submit_tool_outputs},
    "/threads/{thread_id}/runs/{run_id}/stream": {"GET": streams.follow},
    "/threads/{thread_id}/runs/{run_id}/steps": {"GET": steps.all},
    "/threads/{thread_id}/runs/{run_id}/steps/{step_id}": {"GET": steps.retrieve},
    "/files": {"GET": files.all, "POST": files.create},
    "/files/{file_id}": {"GET": files.retrieve, "DELETE": files.delete},
    "/files/{file_id}/content": {"GET": files.content},
    "/vector_stores": {"GET": vector_stores.all, "POST": vector_stores.create},
    "/vector_stores/{vector_store_id}": {
        "GET": vector_stores.retrieve,
        "POST": vector_stores.update,
        "DELETE": vector_stores.delete,
    },
    "/vector_stores/{vector_store_id}/search": {"POST": vector_stores.search},
    "/vector_stores/{vector_store_id}/files": {"GET": vector_store_files.all, "POST": vector_store_files.create},
    "/vector_stores/{vector_store_id}/files/{file_id}": {
        "GET": vector_store_files.retrieve,
        "POST": vector_store_files.update,
        "DELETE": vector_store_files.delete,
    },
    "/vector_stores/{vector_store_id}/files/{file_id}/content": {"GET": vector_store_files.content},
    "/vector_stores/{vector_store_id}/file_batches": {"POST": file_batches.create},
    "/vector_stores/{vector_store_id}/file_batches/{batch_id}": {"GET": file_batches.retrieve},
    "/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel": {"POST": file_batches.cancel},
    "/vector_stores/{vector_store_id}/file_batches/{batch_id}/files": {"GET": file_batches.files},
    "/models": {"GET": models.all},
    # The names of models have slashes in them.
    "/models/{model_id:path}": {"GET": models.retrieve},
}
ADMINISTRATION: Mapping[str, Mapping[str, View]] = {
    "/admin/export": {"GET": transfer.export},
    "/admin/import": {"POST": transfer.load},
}
"""Not below ``/v1``: they are for who runs the engine, and not for programs of the API."""
# By the header that asks for it; who names both gets the second.
VERSIONS: Mapping[str, Version] = {"assistants=v2": "v2", "assistants=v1": "v1"}
ONLY: Mapping[View, Version] = {
    **dict.fromkeys(
        (
            held_files.all_of_assistant,
            held_files.attach_to_assistant,
            held_files.one_of_assistant,
            held_files.detach_from_assistant,
            held_files.all_of_message,
            held_files.one_of_message,
        ),
        "v1",
    ),
    messages.delete: "v2",
    **dict.fromkeys(
        (
            *(vector_stores.all, vector_stores.create, vector_stores.retrieve, vector_stores.update),
            *(vector_stores.delete, vector_stores.search),
            *(vector_store_files.all, vector_store_files.create, vector_store_files.retrieve),
            *(vector_store_files.update, vector_store_files.delete, vector_store_files.content),
            *(file_batches.create, file_batches.retrieve, file_batches.cancel, file_batches.files),
        ),
        "v2",
    ),
}
"""What one version has and the other has not."""
WITHOUT_VERSION: frozenset[View] = frozenset(
    {files.all, files.create, files.retrieve, files.delete, files.content, models.all, models.retrieve}
    | {transfer.export, transfer.load}
)
