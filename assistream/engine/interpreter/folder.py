"""A directory in a sandbox, through an open descriptor of it, while code in there may change it as it likes.

Nothing here follows a link, waits for a pipe, or trusts a size.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from dataclasses import dataclass

MOST = 10_000
"""Entries that are looked at."""
DEEPEST = 16
_PIECE = 256 * 1024

Signature = tuple[int, int, int, int]
"""The file itself, its size, and two times of its last change; code can set one of them."""


@dataclass(frozen=True, slots=True)
class Found:
    path: str
    """From the directory on, with "/" between names."""
    signature: Signature

    @property
    def size(self) -> int:
        return self.signature[1]


def look(folder: int) -> dict[str, Found]:
    """The regular files by their paths; those beyond a limit are left out."""
    found: dict[str, Found] = {}
    left = [MOST]
    _look(folder, "", DEEPEST, left, found)
    return found


def _look(folder: int, above: str, depth: int, left: list[int], found: dict[str, Found]) -> None:
    for name in _names(folder, left):
        path = above + name
        with contextlib.suppress(OSError):  # it is gone again, or not for us
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISREG(status.st_mode):
                found[path] = Found(path, _signature(status))
            elif stat.S_ISDIR(status.st_mode) and depth:
                with _opened(name, folder, os.O_DIRECTORY) as below:
                    _look(below, f"{path}/", depth - 1, left, found)


def _names(folder: int, left: list[int]) -> Iterator[str]:
    names: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not left[0]:
                break
            left[0] -= 1
            names.append(entry.name)
    return iter(sorted(names))


def is_good(path: str) -> bool:
    """Whether one could say it in JSON and in a link: no bytes that are not UTF-8, no new lines."""
    return path.isprintable()


def _signature(status: os.stat_result) -> Signature:
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@contextlib.contextmanager
def _opened(name: str, folder: int, flags: int) -> Generator[int]:
    end = os.open(name, flags | os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        yield end
    finally:
        os.close(end)


def read(folder: int, found: Found) -> Iterator[bytes]:
    """What the file holds, no more than it had when it was found; raises `OSError` if it is no file any more."""
    *above, name = found.path.split("/")
    with contextlib.ExitStack() as stack:
        for part in above:
            folder = stack.enter_context(_opened(part, folder, os.O_DIRECTORY))
        file = stack.enter_context(_opened(name, folder, 0))
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise FileNotFoundError(found.path)
        left = found.size
        while left and (piece := os.read(file, min(left, _PIECE))):
            left -= len(piece)
            yield piece


async def write(folder: int, path: str, pieces: AsyncIterator[bytes], owner: int | None) -> None:
    """Makes the file, or replaces what has its name; raises `OSError` if there is no room for it."""
    *above, name = path.split("/")
    with contextlib.ExitStack() as stack:
        for part in above:
            _make_folder(part, folder, owner)
            folder = stack.enter_context(_opened(part, folder, os.O_DIRECTORY))
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(name, flags, 0o644, dir_fd=folder)
        try:
            _own(file, owner)
            async for piece in pieces:
                view = memoryview(piece)
                while view:
                    view = view[os.write(file, view) :]
        except BaseException:
            os.unlink(name, dir_fd=folder)
            raise
        finally:
            os.close(file)


def _make_folder(name: str, folder: int, owner: int | None) -> None:
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=folder)
        with _opened(name, folder, os.O_DIRECTORY) as made:
            _own(made, owner)


def _own(file: int, owner: int | None) -> None:
    if owner is not None:
        os.fchown(file, owner, owner)


def alias(folder: int, name: str, of: str) -> bool:
    """Another name for a file of the directory, unless the name is taken or none; whether it has it now."""
    if name in ("", ".", "..") or "/" in name or not is_good(name) or len(name.encode()) > 255:
        return False
    with contextlib.suppress(FileExistsError):
        os.symlink(of, name, dir_fd=folder)
        return True
    return False


def changed(folder: int, before: Mapping[str, Found]) -> list[Found]:
    """The files that were made or changed since."""
    return [found for path, found in look(folder).items() if before.get(path) != found]
