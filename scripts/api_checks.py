"""What schemathesis is told by `scripts/test_api.py`: which violations of the document are meant, and why.

It is loaded in schemathesis' own environment, where nothing of this project is installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

schemathesis: Any = import_module("schemathesis")
theirs: Any = import_module("schemathesis.specs.openapi.checks")

# Requests that are as the document says and refused all the same: a schema of a request cannot tell what there is, or
# was before. The texts are those of the refusals, from their beginning.
MEANT = {
    "Keys for idempotent requests": "the same key came with another request before",
    "What the first request with this key made was deleted": "the same key came before, and what it made is gone",
    "Cannot cancel run with status": "the run is over",
    "Runs in status": "the run does not wait for outputs",
    "Expected tool outputs for call_ids": "the outputs are not those of the calls that the run waits for",
    "Duplicate call_ids submitted": "which outputs are for one call, a schema cannot say",
    "Thread ": "the thread already has an active run",
    "Can't add messages to": "the thread has an active run",
    "Run creation requires a Thread with": "neither the thread nor the assistant has anything to begin with",
}
# Nor can it tell how two values go together. The texts are the ends of those that say which value is invalid.
TOGETHER = {
    "chunk_overlap_tokens must not exceed half of max_chunk_size_tokens.": "it cannot compare two numbers",
    "expected either 'file_ids' or 'files'.": "both may be null, but one must be given",
}
UNKNOWN_HEADER = "in header - object with unexpected properties"
"""HTTP has a server ignore headers that it does not know; schemathesis knows that, but not in every case."""


def is_meant(response: Any) -> bool:
    if response.status_code != 400:
        return False
    said: str = response.json()["error"]["message"]
    return said.startswith(tuple(MEANT)) or said.endswith(tuple(TOGETHER))


@schemathesis.check  # type: ignore[untyped-decorator]  # what is imported by name has no types
def valid_request_accepted(context: Any, response: Any, case: Any) -> Any:
    return None if is_meant(response) else theirs.positive_data_acceptance(context, response, case)


@schemathesis.check  # type: ignore[untyped-decorator]  # as above
def invalid_request_refused(context: Any, response: Any, case: Any) -> Any:
    try:
        return theirs.negative_data_rejection(context, response, case)
    except theirs.AcceptedNegativeData as failure:
        if UNKNOWN_HEADER not in str(failure.message):
            raise
        return None
