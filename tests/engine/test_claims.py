from __future__ import annotations

import pytest

from assistream.engine import objects
from assistream.engine.claims import CLAIM, Claim
from assistream.engine.lifecycle import Document

THREAD = objects.thread({})
MESSAGE = objects.message(THREAD["id"], "user", [])
ASSISTANT = objects.assistant({"model": "any"})


@pytest.mark.parametrize(
    ("document", "object_id", "thread_id"),
    [
        (THREAD, THREAD["id"], THREAD["id"]),
        (MESSAGE, MESSAGE["id"], THREAD["id"]),
        (ASSISTANT, ASSISTANT["id"], None),
        (None, None, None),
    ],
    ids=["thread", "message", "assistant", "nothing"],
)
def test_a_row_says_what_was_done_and_in_which_thread(
    document: Document | None, object_id: str | None, thread_id: str | None
) -> None:
    row = Claim("key", "request", "{}").row(document, 3, 1000)
    assert row == {
        "key": "key",
        "request": "request",
        "created_at": 1000,
        "object_id": object_id,
        "thread_id": thread_id,
        "leg": 3,
        "body": "{}",
    }


def test_nothing_is_claimed_outside_of_a_request() -> None:
    assert CLAIM.get() is None
