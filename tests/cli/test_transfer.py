from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistream import Client
from assistream.engine import Engine

from .conftest import Command, complaint, said
from .terminal import on_terminal


@pytest.fixture(autouse=True)
def database(elsewhere: Path) -> Path:
    """The one that the commands take by default."""
    with Client.embedded(elsewhere / "assistream.db") as client:
        client.beta.assistants.create(model="any")
        client.beta.threads.create_and_run_poll(
            assistant_id=client.beta.assistants.create(model="any").id,
            thread={"messages": [{"role": "user", "content": "Hällo"}]},
        )
    return elsewhere / "assistream.db"


def threads(command: Command, path: str) -> str:
    return said(command("threads", "list", "--json", "--path", path))


def test_out_and_in(command: Command, elsewhere: Path) -> None:
    out = said(command("export"))
    assert json.loads(out.splitlines()[0])["counts"]["assistants"] == 2
    (elsewhere / "x.jsonl").write_text(out)
    assert said(command("import", "x.jsonl", "--database", "b.db")).startswith(
        "imported: 2 assistants, 1 threads, 1 runs"
    )
    assert threads(command, "b.db") == threads(command, "assistream.db") != ""


def test_into_a_file_and_from_standard_input(
    command: Command, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(command("export", "-o", "x.jsonl")) == ""
    assert "already" in complaint(command("export", "-o", "x.jsonl"))

    def stdin(_: str) -> io.TextIOWrapper:
        """What the fixture puts in its place has no bytes below its text."""
        return io.TextIOWrapper(io.BytesIO((elsewhere / "x.jsonl").read_bytes()))

    monkeypatch.setattr(io, "StringIO", stdin)
    assert json.loads(said(command("import", "-", "--json", "--database", "b.db"))).keys() == {
        "imported",
        "skipped",
        "left_out",
    }
    assert threads(command, "b.db") != ""


def test_what_is_there(command: Command) -> None:
    said(command("export", "-o", "x.jsonl"))
    assert "are there already: asst_" in complaint(command("import", "x.jsonl"), 1)
    out = said(command("import", "x.jsonl", "--skip-existing"))
    assert out.startswith("imported: nothing\nskipped: 2 assistants, 1 threads, 1 runs, 2 messages")


def test_an_engine_that_runs(command: Command) -> None:
    with Engine("running.db", api_key="secret") as engine:
        there = ("--base-url", engine.base_url, "--api-key", "secret")
        said(command("export", "-o", "x.jsonl"))
        assert said(command("import", "x.jsonl", *there)).startswith("imported: 2 assistants, 1 threads")
        assert said(command("export", *there)).splitlines()[1:] == Path("x.jsonl").read_text().splitlines()[1:]
        assert "are there already" in complaint(command("import", "x.jsonl", *there), 1)
        assert "skipped: 2 assistants" in said(command("import", "x.jsonl", "--skip-existing", *there))
        assert "is in use by another engine" in complaint(command("import", "x.jsonl", "--database", "running.db"))
        assert "API key" in complaint(command("export", "--base-url", engine.base_url), 1)


def test_an_engine_that_runs_and_a_database_in_the_environment(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTREAM_DATABASE", "assistream.db")
    with Engine() as engine:
        assert '"export"' in said(command("export", "--base-url", engine.base_url))


def test_what_the_hosted_api_answered(command: Command, elsewhere: Path) -> None:
    message: dict[str, object] = {
        "id": "msg_1",
        "object": "thread.message",
        "created_at": 1_700_000_000,
        "thread_id": "thread_1",
        "role": "user",
        "content": [{"type": "text", "text": {"value": "Hello", "annotations": []}}],
    }
    file = {"id": "file-1", "object": "file\x1b[1m"}
    Path("page.json").write_text(json.dumps({"object": "list", "data": [message, file]}))
    assert said(command("import", "--from-openai", "page.json", "--database", "b.db")) == (
        "imported: 1 threads, 1 messages\nleft out: 1 file␛[1m\n"
    )
    assert said(command("threads", "messages", "thread_1", "--path", "b.db")) == "user:\nHello\n\n"
    with Engine() as engine:
        there = ("--base-url", engine.base_url)
        tally = json.loads(said(command("import", "--from-openai", "page.json", "--json", *there)))
        assert (tally["imported"]["messages"], tally["left_out"]) == (1, {"file\x1b[1m": 1})


def test_backup(command: Command, elsewhere: Path) -> None:
    assert said(command("backup", "copy.db")) == ""
    with closing(sqlite3.connect("copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert threads(command, "copy.db") == threads(command, "assistream.db")
    assert "already" in complaint(command("backup", "copy.db"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("export --database none.db", "There is no database 'none.db'"),
        ("backup copy.db --database none.db", "There is no database 'none.db'"),
        ("export --database kit.py", "'kit.py' cannot be read: file is not a database"),
        ("import a.jsonl b.jsonl", "One export is imported at a time"),
        ("import none.jsonl", "There is no file 'none.jsonl'"),
        ("import --from-openai none.json", "There is no file 'none.json'"),
        ("export --database kit.py --base-url http://127.0.0.1:9", "are two different engines: give one of them"),
        ("import x.jsonl --database b.db --base-url http://127.0.0.1:9", "are two different engines"),
        ("export --output no/such/directory", "cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be(command: Command, arguments: str, says: str) -> None:
    assert says in complaint(command(*arguments.split()))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [("import kit.py", "Line 2: this is no export"), ("import --from-openai kit.py", "kit.py: this is not JSON")],
)
def test_what_is_broken(command: Command, arguments: str, says: str) -> None:
    assert says in complaint(command(*arguments.split()), 1)


def test_the_database_may_be_in_the_environment(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    said(command("export", "-o", "x.jsonl"))
    monkeypatch.setenv("ASSISTREAM_DATABASE", "b.db")
    said(command("import", "x.jsonl"))
    assert threads(command, "b.db") != ""


def test_how_far_it_is_is_shown_on_a_terminal(elsewhere: Path) -> None:
    with on_terminal("-m", "assistream", "backup", "copy.db") as terminal:
        assert terminal.end() == 0
        assert "Copying" in terminal.written
        assert terminal.text == ""
