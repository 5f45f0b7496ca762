from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistream.engine import objects
from assistream.engine.lifecycle import Document
from assistream.engine.tables import (
    BATCHED,
    EVENTS,
    FILES,
    MESSAGES,
    PIECES,
    RUNS,
    THREADS,
    VECTOR_STORE_BATCHES,
    VECTOR_STORE_FILES,
    VECTOR_STORES,
)
from assistream.engine.transfer import TransferError, staging
from assistream.engine.transfer.lines import header, written
from assistream.engine.transfer.staging import stage_all
from assistream.engine.vector_stores import objects as stores

THREAD = objects.thread({})
MESSAGE = objects.message(THREAD["id"], "user", [objects.text_block("Hello é")])
RUN = objects.run(THREAD["id"], objects.assistant({"model": "any"}), {}, ttl=60)
FILE: Document = {
    "id": "file-1",
    "object": "file",
    "bytes": 3,
    "created_at": 1,
    "filename": "a",
    "purpose": "vision",
}


def objects_and_rows() -> list[bytes]:
    return [
        written(THREADS, {"moment": 1, "body": THREAD}),
        written(RUNS, {"moment": 2, "body": RUN}),
        written(MESSAGES, {"moment": 3, "body": MESSAGE}),
        written(EVENTS, {"run_id": RUN["id"], "number": 1, "name": "thread.run.created", "data": "{}"}),
        written(FILES, {"moment": 4, "body": FILE}),
        written(PIECES, {"file_id": "file-1", "number": 0, "data": b"ab"}),
        written(PIECES, {"file_id": "file-1", "number": 1, "data": b"c"}),
    ]


def in_store(id: str, store: Document, **more: Any) -> bytes:
    body = stores.file(store["id"], {"file_id": id, "attributes": {"a": "half: \ud83d 😀"}}) | more
    return written(VECTOR_STORE_FILES, {"project": "red", "moment": 1, "body": body})


ROWS = objects_and_rows()
A_STORE = stores.store({})
STORE = written(VECTOR_STORES, {"project": "red", "moment": 1, "body": A_STORE})
IN_STORE = in_store("file-1", A_STORE)
OTHERS_MESSAGE = written(MESSAGES, {"project": "red", "moment": 3, "body": MESSAGE})
BATCH = written(VECTOR_STORE_BATCHES, {"moment": 1, "body": stores.batch(A_STORE["id"])})
BATCHED_ONE = written(BATCHED, {"batch_id": "vsfb_1", "file_id": "file-1", "status": "completed"})
WHOLE = b"".join([header({"threads": 1, "messages": 1, "pieces": 2}), *ROWS])


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[staging.Stage]:
    with staging.staging(tmp_path) as stage:
        yield stage
    assert list(tmp_path.iterdir()) == []


def refusal(stage: staging.Stage, *pieces: bytes) -> str:
    with pytest.raises(TransferError) as caught:
        stage_all(stage, pieces)
    return str(caught.value)


def test_what_is_staged_is_in_a_database(stage: staging.Stage) -> None:
    counts = stage_all(stage, [WHOLE])
    assert {name: count for name, count in counts.items() if count} == {
        "threads": 1,
        "runs": 1,
        "messages": 1,
        "events": 1,
        "files": 1,
        "pieces": 2,
    }
    with closing(sqlite3.connect(stage.path)) as database:
        assert database.execute("SELECT id, moment, thread_id FROM messages").fetchall() == [
            (MESSAGE["id"], 3, THREAD["id"])
        ]


@pytest.mark.parametrize("size", [1, 2, 7, 100, 1000])
def test_pieces_of_any_size(stage: staging.Stage, size: int) -> None:
    counts = stage_all(stage, (WHOLE[start : start + size] for start in range(0, len(WHOLE), size)))
    assert sum(counts.values()) == 7


def test_the_last_line_needs_no_end_and_lines_may_be_empty_or_end_as_on_windows(stage: staging.Stage) -> None:
    counts = stage_all(stage, [WHOLE.replace(b"\n", b"\r\n\r\n").rstrip()])
    assert sum(counts.values()) == 7


def test_many_rows(stage: staging.Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_AT_ONCE_BYTES", 3_000)
    message = MESSAGE["id"].encode()
    many = [ROWS[2].replace(message, b"msg_%d" % number) for number in range(1_700)]
    assert stage_all(stage, [header({}), ROWS[0], *many])["messages"] == 1_700


def test_of_many_rows_the_broken_one_is_told(stage: staging.Stage) -> None:
    message = MESSAGE["id"].encode()
    many = [ROWS[2].replace(message, b"msg_%d" % (number % 1_234)) for number in range(1_700)]
    said = refusal(stage, header({}), ROWS[0], *many)
    assert said == "Line 1237: there is a line with the same id before it. Nothing was imported."


def test_what_is_to_be_indexed_after_an_import(stage: staging.Stage) -> None:
    """What was found; and no batch waits for anything else."""
    batch = stores.batch(A_STORE["id"])
    files = [
        in_store("file-1", A_STORE, status="completed", usage_bytes=5),
        in_store("file-2", A_STORE, status="failed", usage_bytes=5, last_error={"code": "server_error"}),
        in_store("file-3", A_STORE, status="failed"),
        in_store("file-4", A_STORE),
    ]
    waiting = [
        {"batch_id": batch["id"], "file_id": f"file-{number}", "status": "in_progress"} for number in range(3, 6)
    ]
    lines = [
        written(VECTOR_STORE_BATCHES, {"project": "red", "moment": 1, "body": batch}),
        *(written(BATCHED, row) for row in waiting),
    ]
    stage_all(stage, [header({}), STORE, *files, *lines])
    with closing(sqlite3.connect(stage.path)) as database:
        found = database.execute(
            "SELECT status, body ->> 'last_error', usage_bytes FROM vector_store_files ORDER BY id"
        )
        again, failed = ("in_progress", None, 0), ("failed", None, 0)
        assert found.fetchall() == [again, again, failed, again]
        found = database.execute("SELECT status FROM vector_store_batched ORDER BY file_id")
        assert [status for (status,) in found] == ["cancelled", "in_progress", "cancelled"]


@pytest.mark.parametrize(
    ("pieces", "says"),
    [
        ([], "The export is empty"),
        ([b"\n\n"], "The export is empty"),
        ([b"\n{}\n"], "Line 2: this is no export of an engine"),
        ([header({}), b"\n", ROWS[0], b"{\n", ROWS[2]], "Line 4: this is not JSON"),
        ([header({}), ROWS[0], ROWS[2], ROWS[2]], "Line 4: there is a line with the same id before it"),
        ([header({}), ROWS[2]], "Line 2: its thread_id names nothing that stands before it"),
        ([header({}), *ROWS[:4], ROWS[3]], "Line 6: there is a line with the same id before it"),
        (
            [header({}), ROWS[0], ROWS[1], ROWS[1].replace(RUN["id"].encode(), b"run_2")],
            "Line 4: its thread has another run that is not over",
        ),
        ([header({"threads": 2}), ROWS[0]], "The export was cut short, or changed: it has 1 of 2 threads"),
        ([header({"stores": 2}), ROWS[0]], "The export was cut short, or changed: it has 0 of 2 stores"),
        ([header({}), ROWS[3]], "There are events of 'run_"),
        ([header({}), ROWS[5]], "There are pieces of 'file-1', which is not there"),
        ([header({}), IN_STORE], "There are vector_store_files of 'vs_"),
        ([header({}), STORE, IN_STORE, IN_STORE], "Line 4: there is a line with the same id before it"),
        ([header({}), BATCH], "There are vector_store_batches of 'vs_"),
        ([header({}), BATCHED_ONE], "There are vector_store_batched of 'vsfb_1', which is not there"),
        ([header({}), STORE, IN_STORE.replace(b'"red"', b"null")], "Line 3: its project must be a text"),
        (
            [header({}), STORE, IN_STORE.replace(b":800", b":80")],
            "Line 3: body.chunking_strategy.static.max_chunk_size",
        ),
        ([header({}), STORE, IN_STORE.replace(b'"red"', b'""')], "Line 3: its project cannot be called ''"),
        ([header({}), STORE, IN_STORE.replace(b'"red"', b'"blue"')], "The vector_store_files are mixed up: 'file-1'"),
        pytest.param(
            [header({}), ROWS[0], OTHERS_MESSAGE],
            f"The messages are mixed up: '{MESSAGE['id']}' is of another project",
            id="a message of others",  # the one made of what it says is another in every process
        ),
        ([header({}), ROWS[4], ROWS[5]], "What the file 'file-1' holds is not complete"),
        ([header({}), ROWS[4], ROWS[6]], "What the file 'file-1' holds is not complete"),
        ([header({}), ROWS[4]], "What the file 'file-1' holds is not complete"),
        ([WHOLE[:-9]], "Line 8: this is not JSON"),
    ],
)
def test_what_cannot_be_imported(stage: staging.Stage, pieces: list[bytes], says: str) -> None:
    said = refusal(stage, *pieces)
    assert said.startswith(says)
    assert said.endswith(". Nothing was imported.")


def test_a_line_without_an_end(stage: staging.Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "LONGEST", 1_000)
    endless = (b"x" * 100 for _ in iter(int, 1))
    assert refusal(stage, header({}), *(next(endless) for _ in range(11))).startswith("Line 2: it is longer than 1000")


def test_what_was_indexed_is_to_be_indexed_again(stage: staging.Stage) -> None:
    store, over = stores.store({}), stores.store({}) | {"expires_at": 1}
    done = {"status": "completed", "usage_bytes": 7}
    told = {"status": "failed", "last_error": {"code": "server_error", "message": "no"}}
    rows = [
        *(written(VECTOR_STORES, {"project": "red", "moment": 1, "body": one}) for one in (store, over)),
        *(in_store("file-1", store, **done), in_store("file-2", store, **told)),
        *(in_store("file-3", store, status="cancelled"), in_store("file-4", over, **done)),
    ]
    stage_all(stage, [header({}), *rows])
    with closing(sqlite3.connect(stage.path)) as database:
        found = database.execute("SELECT status, usage_bytes, body FROM vector_store_files ORDER BY id").fetchall()
    assert [row[:2] for row in found] == [("in_progress", 0), ("failed", 0), ("cancelled", 0), ("completed", 7)]
    bodies = [json.loads(body) for _, _, body in found]
    assert bodies[0] == json.loads(rows[2])["body"] | {"status": "in_progress", "usage_bytes": 0}
    assert bodies[1:] == [json.loads(row)["body"] for row in rows[3:]]
    assert all(body.isascii() for _, _, body in found)


def test_files_of_a_piece_too_many_or_none(stage: staging.Stage) -> None:
    """A file whose size is a multiple of a piece's has an empty one at its end."""
    empty = written(PIECES, {"file_id": "file-1", "number": 2, "data": b""})
    assert stage_all(stage, [header({}), *ROWS[4:], empty])["pieces"] == 3
