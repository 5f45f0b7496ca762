from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest

from assistream.transport.uploads import form, opened, rewindable


def test_paths_are_open_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    with opened({"file": path, "other": ("b.txt", path, "text/plain")}) as files:
        assert Path(files["file"].name).name == "a.txt"
        assert files["file"].read() == files["other"][1].read() == b"content"
        assert (files["other"][0], files["other"][2]) == ("b.txt", "text/plain")
    assert files["file"].closed
    assert files["other"][1].closed


def test_what_the_program_opened_stays_open() -> None:
    file = BytesIO(b"content")
    with opened({"file": file, "bytes": b"x", "pair": ("a.txt", b"y")}) as files:
        assert files == {"file": file, "bytes": b"x", "pair": ("a.txt", b"y")}
    assert not file.closed


def test_one_that_is_missing_leaves_none_open(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(FileNotFoundError), opened({"a": tmp_path / "a", "b": tmp_path / "b"}):
        pass


def test_a_pipe_cannot_be_sent_twice() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with open(reading, "rb") as pipe:
        assert not rewindable({"file": pipe})
        assert not rewindable({"file": ("a.txt", pipe)})
    assert rewindable({"file": BytesIO(), "bytes": b"", "path": Path("a"), "pair": ("a.txt", BytesIO())})


def test_the_other_fields_of_a_form() -> None:
    assert form({"purpose": "p", "expires_after": {"anchor": "created_at", "seconds": 3600}, "ids": ["a", "b"]}) == {
        "purpose": ["p"],
        "expires_after[anchor]": ["created_at"],
        "expires_after[seconds]": ["3600"],
        "ids[]": ["a", "b"],
    }
    assert form(None) == {}
