from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from assistream.engine.interpreter import folder
from assistream.engine.interpreter.folder import Found

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "secret").write_text("secret")
    return tmp_path / "data"


@pytest.fixture
def directory(place: Path) -> Iterator[int]:
    end = os.open(place, os.O_RDONLY)
    yield end
    os.close(end)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def content(directory: int, path: str) -> bytes:
    return b"".join(folder.read(directory, folder.look(directory)[path]))


def test_files_are_found_below_too(place: Path, directory: int) -> None:
    (place / "a" / "b").mkdir(parents=True)
    (place / "a" / "b" / "c.txt").write_text("c")
    (place / "d.txt").write_text("d")
    assert list(folder.look(directory)) == ["a/b/c.txt", "d.txt"]
    assert content(directory, "a/b/c.txt") == b"c"


def test_only_files_are(place: Path, directory: int) -> None:
    (place / "link").symlink_to("../secret")
    (place / "up").symlink_to("..")
    (place / "absolute").symlink_to("/etc/passwd")
    os.mkfifo(place / "pipe")
    assert folder.look(directory) == {}


def test_a_file_that_became_a_link_is_not_read(place: Path, directory: int) -> None:
    (place / "x").write_text("mine")
    (place / "dir").mkdir()
    (place / "dir" / "secret").write_text("mine")
    found = folder.look(directory)
    (place / "x").unlink()
    (place / "x").symlink_to("../secret")
    (place / "dir" / "secret").unlink()
    (place / "dir").rmdir()
    (place / "dir").symlink_to("..")
    for path in ("x", "dir/secret"):
        with pytest.raises(OSError, match=r"symbolic|directory"):
            list(folder.read(directory, found[path]))


def test_a_file_that_became_a_pipe_holds_up_nobody(place: Path, directory: int) -> None:
    (place / "x").write_text("mine")
    found = folder.look(directory)["x"]
    (place / "x").unlink()
    os.mkfifo(place / "x")
    with pytest.raises(FileNotFoundError):
        list(folder.read(directory, found))


def test_no_more_is_read_than_was_found(place: Path, directory: int) -> None:
    (place / "x").write_bytes(b"ab")
    found = folder.look(directory)["x"]
    (place / "x").write_bytes(b"abcdef")
    assert b"".join(folder.read(directory, found)) == b"ab"
    (place / "x").write_bytes(b"a")
    assert b"".join(folder.read(directory, found)) == b"a"


@pytest.mark.parametrize("name", ["new\nline", "nul\x01", "\udcff", "back\u202eward"])
def test_names_that_nobody_can_say(place: Path, directory: int, name: str) -> None:
    (place / name).touch()
    assert [folder.is_good(path) for path in folder.look(directory)] == [False]


def test_it_does_not_look_for_ever(place: Path, directory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST", 5)
    monkeypatch.setattr(folder, "DEEPEST", 3)
    (place / "a/b/c/d/e").mkdir(parents=True)
    (place / "a/b/c/d/e/deep").touch()
    for number in range(9):
        (place / str(number)).touch()
    assert len(folder.look(directory)) <= 5


@pytest.mark.parametrize("mode", ["size", "time", "replaced"])
def test_changes_are_seen(place: Path, directory: int, mode: str) -> None:
    (place / "same").write_text("a")
    (place / "x").write_text("a")
    before = folder.look(directory)
    assert folder.changed(directory, before) == []
    status = (place / "x").stat()
    match mode:
        case "size":
            (place / "x").write_text("ab")
        case "time":
            (place / "x").write_text("b")
        case _:
            (place / "y").write_text("b")
            (place / "y").replace(place / "x")
    os.utime(place / "x", ns=(status.st_atime_ns, status.st_mtime_ns))  # code may say what it likes
    assert [found.path for found in folder.changed(directory, before)] == ["x"]


async def test_writing(place: Path, directory: int) -> None:
    await folder.write(directory, "a/b.txt", pieces(b"1", b"2"), None)
    assert (place / "a" / "b.txt").read_bytes() == b"12"
    await folder.write(directory, "a/b.txt", pieces(b"3"), None)
    assert (place / "a" / "b.txt").read_bytes() == b"3"


async def test_writing_follows_no_link(place: Path, directory: int) -> None:
    (place / "x").symlink_to("../secret")
    await folder.write(directory, "x", pieces(b"mine"), None)
    assert not (place / "x").is_symlink()
    (place / "up").symlink_to("..")
    with pytest.raises(OSError, match=r"symbolic|directory"):
        await folder.write(directory, "up/secret", pieces(b"mine"), None)
    assert (place / ".." / "secret").read_text() == "secret"


async def test_a_file_that_cannot_be_written_to_its_end_is_not_there(place: Path, directory: int) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await folder.write(directory, "x", broken(), None)
    assert list(place.iterdir()) == []


def test_other_names(place: Path, directory: int) -> None:
    (place / "file-1").write_text("a")
    (place / "taken").write_text("b")
    assert folder.alias(directory, "data.csv", "file-1")
    assert (place / "data.csv").read_text() == "a"
    for name in ("taken", "", ".", "..", "a/b", "x\ny", "é" * 128):
        assert not folder.alias(directory, name, "file-1")


def test_what_is_found_can_be_compared() -> None:
    assert Found("a", (1, 2, 3, 4)).size == 2
