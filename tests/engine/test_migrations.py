"""Databases of earlier versions are upgraded, and those of later ones left alone."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistream import Client, errors
from assistream.engine import Scripted, migrations, objects
from assistream.engine.keys import KeyFile
from assistream.engine.lifecycle import advance
from assistream.engine.migrations import APPLICATION, VERSION
from assistream.engine.tables import to_json
from tests.engine.conftest import Json

# As an engine of version 1 made it: the text never changes.
VERSION_1 = """
CREATE TABLE assistants (id VARCHAR NOT NULL, moment BIGINT NOT NULL, body JSON NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_assistants_moment ON assistants (moment);
CREATE TABLE threads (id VARCHAR NOT NULL, moment BIGINT NOT NULL, body JSON NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_threads_moment ON threads (moment);
CREATE TABLE files (id VARCHAR NOT NULL, moment BIGINT NOT NULL, purpose VARCHAR, expires_at INTEGER, body JSON
    NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_files_expires_at ON files (expires_at);
CREATE INDEX ix_files_purpose ON files (purpose);
CREATE INDEX ix_files_moment ON files (moment);
CREATE TABLE pieces (file_id VARCHAR NOT NULL, number INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY
    (file_id, number));
CREATE TABLE events (run_id VARCHAR NOT NULL, number INTEGER NOT NULL, name VARCHAR NOT NULL, data TEXT NOT
    NULL, PRIMARY KEY (run_id, number));
CREATE TABLE answers ("key" VARCHAR NOT NULL, request VARCHAR NOT NULL, created_at INTEGER NOT NULL, object_id
    VARCHAR, thread_id VARCHAR, leg INTEGER, body TEXT, PRIMARY KEY ("key"));
CREATE INDEX ix_answers_object_id ON answers (object_id);
CREATE INDEX ix_answers_thread_id ON answers (thread_id);
CREATE INDEX ix_answers_created_at ON answers (created_at);
CREATE TABLE messages (id VARCHAR NOT NULL, moment BIGINT NOT NULL, thread_id VARCHAR NOT NULL, run_id VARCHAR,
    body JSON NOT NULL, PRIMARY KEY (id), FOREIGN KEY(thread_id) REFERENCES threads (id) ON DELETE CASCADE);
CREATE INDEX ix_messages_moment ON messages (moment);
CREATE INDEX ix_messages_thread_id ON messages (thread_id);
CREATE INDEX ix_messages_run_id ON messages (run_id);
CREATE TABLE runs (id VARCHAR NOT NULL, moment BIGINT NOT NULL, thread_id VARCHAR NOT NULL, status VARCHAR NOT
    NULL, body JSON NOT NULL, PRIMARY KEY (id), FOREIGN KEY(thread_id) REFERENCES threads (id) ON DELETE CASCADE);
CREATE INDEX ix_runs_moment ON runs (moment);
CREATE UNIQUE INDEX one_active_run ON runs (thread_id) WHERE status IN ('cancelling', 'in_progress', 'queued',
    'requires_action');
CREATE INDEX ix_runs_thread_id ON runs (thread_id);
CREATE TABLE steps (id VARCHAR NOT NULL, moment BIGINT NOT NULL, thread_id VARCHAR NOT NULL, run_id VARCHAR NOT
    NULL, status VARCHAR NOT NULL, body JSON NOT NULL, PRIMARY KEY (id), FOREIGN KEY(thread_id) REFERENCES threads
    (id) ON DELETE CASCADE, FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE);
CREATE INDEX ix_steps_run_id ON steps (run_id);
CREATE INDEX ix_steps_moment ON steps (moment);
CREATE INDEX ix_steps_thread_id ON steps (thread_id);
PRAGMA application_id = 1098085236;
PRAGMA user_version = 1;
"""
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}", "output": None}}


def old_objects() -> tuple[Json, Json, Json, Json, Json, Json]:
    """An assistant, a thread, its message, a run that waits for outputs, its step; and a file."""
    assistant, thread = objects.assistant({"model": "any", "instructions": "Help."}), objects.thread({})
    message = objects.message(thread["id"], "user", [objects.text_block("Hello")])
    queued = objects.run(thread["id"], assistant, {}, ttl=600)
    asked = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": [CALL]}}
    run = advance(advance(queued, "in_progress", 1), "requires_action", 1, required_action=asked)
    step = objects.step(run, "tool_calls", {"tool_calls": [CALL]})
    file: Json = {"id": "file-1", "object": "file", "bytes": 3, "created_at": 1, "filename": "a", "purpose": "vision"}
    return assistant, thread, message, run, step, file | {"status": "processed"}


def made_by_version_1(path: Path) -> tuple[Json, ...]:
    """Such a database, in WAL mode as engines have it, and what is in it."""
    made = assistant, thread, message, run, step, file = old_objects()
    rows = {
        "assistants": {"id": assistant["id"]},
        "threads": {"id": thread["id"]},
        "messages": {"id": message["id"], "thread_id": thread["id"], "run_id": None},
        "runs": {"id": run["id"], "thread_id": thread["id"], "status": run["status"]},
        "steps": {"id": step["id"], "thread_id": thread["id"], "run_id": run["id"], "status": step["status"]},
        "files": {"id": file["id"], "purpose": "vision", "expires_at": None},
    }
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(VERSION_1)
        for moment, ((table, row), document) in enumerate(zip(rows.items(), made, strict=True)):
            values = row | {"moment": moment, "body": to_json(document)}
            places = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", list(values.values()))
        connection.execute("INSERT INTO pieces VALUES ('file-1', 0, x'616263')")
        connection.execute("INSERT INTO events VALUES (?, 1, 'thread.run.created', '{}')", [run["id"]])
        connection.execute("INSERT INTO answers (key, request, created_at) VALUES ('k', 'r', 1)")
        connection.commit()
    return made


def schema(path: Path) -> dict[str, object]:
    """The columns of every table, in any order, and the indexes."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        columns = {name: {row[1:] for row in connection.execute(f"PRAGMA table_info({name})")} for (name,) in names}
        indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        return {**columns, **{name: " ".join(sql.split()) for name, sql in indexes}}


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


def test_the_next_engine_goes_on_where_version_1_stopped(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    assistant, thread, message, run, step, _ = made_by_version_1(path)
    with Client.embedded(path, model=Scripted(["Done."]), open_files=True) as client:
        assert [one.id for one in client.beta.assistants.list()] == [assistant["id"]]
        assert client.files.content("file-1").read() == b"abc"
        runs = client.beta.threads.runs
        assert [one.id for one in runs.steps.list(run["id"], thread_id=thread["id"])] == [step["id"]]
        outputs = [{"tool_call_id": "call_1", "output": "yes"}]
        done = runs.submit_tool_outputs_and_poll(run["id"], thread_id=thread["id"], tool_outputs=outputs)  # type: ignore[arg-type] # a list of dicts
        assert done.status == "completed"
        texts = [one.content[0] for one in client.beta.threads.messages.list(thread["id"], order="asc")]
        assert [one.text.value for one in texts if one.type == "text"] == ["Hello", "Done."]
        assert client.beta.threads.messages.retrieve(message["id"], thread_id=thread["id"]).id == message["id"]
    assert version(path) == VERSION


def test_an_upgraded_database_is_as_a_new_one(tmp_path: Path) -> None:
    made_by_version_1(tmp_path / "old.db")
    for name in ("old.db", "new.db"):
        Client.embedded(tmp_path / name).close()
    assert schema(tmp_path / "old.db") == schema(tmp_path / "new.db")


def test_it_is_upgraded_once_and_said_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "assistream.engine")
    made_by_version_1(tmp_path / "engine.db")
    for _ in range(2):
        Client.embedded(tmp_path / "engine.db").close()
    said = [one.message for one in caplog.records if "upgraded" in one.message]
    assert said == [f"The database is upgraded from version 1 of the tables to version {VERSION}"]


def test_who_makes_a_key_upgrades_it(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    made_by_version_1(path)
    KeyFile(path).create("alice")
    assert version(path) == VERSION


DIES = """
import os, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from assistream import Client

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, *rest):
    if sys.argv[2] in statement:
        os._exit(9)

Client.embedded(sys.argv[1]).close()
"""


@pytest.mark.parametrize("last", ["ALTER TABLE threads", "CREATE INDEX files", "CREATE TABLE keys", "user_version ="])
def test_a_crash_in_the_middle_leaves_the_old_one(tmp_path: Path, last: str) -> None:
    path = tmp_path / "engine.db"
    made_by_version_1(path)
    before = schema(path)
    died = subprocess.run([sys.executable, "-c", DIES, str(path), last], check=False)
    assert died.returncode == 9
    assert (version(path), schema(path)) == (1, before)
    with Client.embedded(path) as client:
        assert len(client.beta.assistants.list().data) == 1


def test_a_step_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "engine.db"
    made_by_version_1(path)
    before = schema(path)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", {2: (*migrations.STEPS[2], "ALTER TABLE none ADD COLUMN a")})
        with pytest.raises(errors.ConfigurationError, match="no such table: none"):
            Client.embedded(path)
    assert (version(path), schema(path)) == (1, before)
    Client.embedded(path).close()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (
            f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION + 1}",
            "a later assistream has made it",
        ),
        (f"PRAGMA application_id = {APPLICATION}", "has version 0 of the tables"),
        ("CREATE TABLE threads (id TEXT)", "belongs to another program"),
    ],
)
def test_what_is_refused_stays_as_it_was(tmp_path: Path, made: str, says: str) -> None:
    path = tmp_path / "engine.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(made)
    before = path.read_bytes()
    for open_it in (lambda: Client.embedded(path), lambda: KeyFile(path).create("alice")):
        with pytest.raises(errors.ConfigurationError, match=says):
            open_it()
    assert path.read_bytes() == before


def test_every_step_leads_to_a_version() -> None:
    assert all(1 < step <= VERSION for step in migrations.STEPS)


def test_an_empty_file_is_made_a_database() -> None:
    with sa.create_engine("sqlite://", poolclass=sa.NullPool).connect() as connection:
        assert migrations.check(connection) == 0
        connection.commit()
        migrations.prepare(connection)
        assert migrations.check(connection) == VERSION
        assert "keys" in sa.inspect(connection).get_table_names()
