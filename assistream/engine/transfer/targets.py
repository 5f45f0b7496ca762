"""Files that are written: whole or not at all, and never over another one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ...errors import ConfigurationError


@contextmanager
def written_whole(target: Path) -> Generator[Path]:
    """A new file beside it, for its owner alone, which gets the name if nothing goes wrong, and is gone otherwise."""
    _refuse_existing(target)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise ConfigurationError(f"{str(target)!r} cannot be written: {error.strerror}.") from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _sync(part)
        _name(part, target)
    finally:
        part.unlink(missing_ok=True)


def _sync(part: Path) -> None:
    # A directory entry that outlives a power failure is to name what was written.
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _name(part: Path, target: Path) -> None:
    try:
        os.link(part, target)  # unlike a renaming, it fails where there is such a file by now
    except FileExistsError:
        _refuse_existing(target)
        raise
    except OSError:  # not every file system has links
        _refuse_existing(target)
        part.replace(target)


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise ConfigurationError(f"There is a file {str(target)!r} already: nothing is written over it.")
