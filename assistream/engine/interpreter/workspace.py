"""``/mnt/data`` of one kernel and the files of the store: what is put there, and what code has made there."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from urllib.parse import quote

from .. import contents
from ..lifecycle import Document
from ..store import Store
from ..tables import FILES
from . import folder
from .budget import Budget
from .folder import Found
from .kernel import Kernel
from .limits import CodeInterpreter

_log = logging.getLogger("assistream.engine")

DIRECTORY = "/mnt/data/"
LINK = f"sandbox:{DIRECTORY}"
PURPOSE = "assistants_output"
_UNKNOWN = b""
"""The digest of what was not read here."""


class Workspace:
    def __init__(self, kernel: Kernel, store: Store, options: CodeInterpreter) -> None:
        self._kernel, self._store, self._options = kernel, store, options
        self._there: set[str] = set()
        """Files of the store that are in the directory, under their ids."""
        self._names: dict[str, str] = {}
        """The other names of those, by their ids."""
        self._kept: dict[str, tuple[bytes, str]] = {}
        """By their paths, the files that were kept, also of earlier kernels: a digest of what is in them; their ids."""
        self._before: Mapping[str, Found] = {}

    async def bring(self, file_ids: Collection[str]) -> list[str]:
        """Puts files there that are not there yet; complaints about those for which there is no room."""
        complaints: list[str] = []
        with self._opened() as directory:
            for file_id in file_ids:
                if file_id not in self._there and (file := await self._file(file_id)):
                    self._there.add(file_id)
                    if file_id not in self._kept and not await self._put(directory, file_id, file):
                        complaints.append(f"[There is no room in {DIRECTORY} for {file['filename']}.]")
                    elif folder.alias(directory, file["filename"], file_id):
                        self._names[file_id] = file["filename"]
        return complaints

    async def restore(self, made: Mapping[str, str]) -> None:
        """Puts back what earlier kernels of the thread have made: the ids of files by their paths."""
        paths: dict[str, str] = {}
        with self._opened() as directory:
            for path, file_id in made.items():
                if (first := paths.get(file_id)) and folder.alias(directory, path, first):
                    self._names[first] = path  # as a given file has two
                elif (file := await self._file(file_id)) and await self._put(directory, path, file):
                    paths[file_id] = path
                else:
                    continue
                self._kept[path] = _UNKNOWN, file_id

    async def _file(self, file_id: str) -> Document | None:
        await contents.sweep(self._store)
        async with self._store.transaction() as transaction:
            return await transaction.get(FILES, file_id)

    async def _put(self, directory: int, path: str, file: Document) -> bool:
        try:
            await folder.write(directory, path, contents.read(self._store, file), self._kernel.sandbox.user)
        except (OSError, ValueError) as error:  # deleted meanwhile, too; and half a surrogate pair is in no path
            _log.warning("File %s cannot be put at %s for the code interpreter: %s", file["id"], path, error)
            return False
        return True

    def remember(self) -> None:
        """What is there now is nothing new."""
        with self._opened() as directory:
            self._before = folder.look(directory)

    async def keep(self, budget: Budget) -> tuple[dict[str, str], list[str]]:
        """Makes files of what is new or changed since it was remembered: their ids by paths; and complaints."""
        made: dict[str, str] = {}
        complaints: list[str] = []
        room = self._options.disk
        with self._opened() as directory:
            changed = folder.changed(directory, self._before)
            named = [found for found in changed if folder.is_good(found.path)]
            if len(named) < len(changed):
                complaints.append(_NAMELESS.format(len(changed) - len(named)))
            for number, found in enumerate(named):
                path = self._names.get(found.path, found.path)
                if len(made) == self._options.files or found.size > min(room, budget.left):
                    complaints.append(_too_much(path, len(named) - number - 1))
                    break
                room -= found.size
                if file_id := await self._keep(directory, found, path, budget):
                    made[path] = file_id
                    self._kept[found.path] = self._kept[path]
        return made, complaints

    async def _keep(self, directory: int, found: Found, path: str, budget: Budget) -> str | None:
        digest = hashlib.sha256()
        try:
            async with contents.uploading(self._store, self._options.disk) as upload:
                for piece in folder.read(directory, found):
                    digest.update(piece)
                    await upload.write(piece)
                if (kept := self._kept.get(path)) and kept[0] == digest.digest():
                    raise _Unchanged
                file = await upload.finish(DIRECTORY + path, PURPOSE, None)
        except _Unchanged:
            return self._kept[path][1]
        except OSError:
            return None  # it is gone, or no file any more
        budget.take(file["bytes"])
        self._kept[path] = digest.digest(), file["id"]
        return str(file["id"])

    def sources(self) -> dict[str, str]:
        """What answers may link to, besides what they make: the files that were brought, as code has left them."""
        brought = {file_id: file_id for file_id in self._there} | {name: id for id, name in self._names.items()}
        return links(brought | {path: id for path, (_, id) in self._kept.items() if path in brought})

    @contextmanager
    def _opened(self) -> Generator[int]:
        """The directory, also while the kernel is closed meanwhile, or has died."""
        directory = os.dup(self._kernel.folder)
        try:
            yield directory
        finally:
            os.close(directory)


_NAMELESS = "[Files that are not kept, because their names have characters that cannot be shown: {}]"


def _too_much(path: str, more: int) -> str:
    which = f"{DIRECTORY}{path} and {more} more are" if more else f"{DIRECTORY}{path} is"
    return f"[{which} not kept: there are too many files, or too large ones.]"


class _Unchanged(Exception):
    """The file was written again, and has in it what it had."""


def links(files: Mapping[str, str]) -> dict[str, str]:
    """As models write links to paths: as they are, and as URLs."""
    return {LINK + way: file_id for path, file_id in files.items() for way in (path, quote(path))}


def made(sources: Mapping[str, str], without: Collection[str]) -> dict[str, str]:
    """The paths again, of files that are not those; the other way about for names with "%" is not tried."""
    paths = {link.removeprefix(LINK): id for link, id in sources.items() if link.startswith(LINK) and id not in without}
    return {path: id for path, id in paths.items() if _is_path(path)}


def _is_path(path: str) -> bool:
    """What was imported may say anything."""
    plain = not any(character < " " or character in "%\x7f" for character in path)
    return plain and not {"", ".", ".."} & set(path.split("/"))


async def store_image(store: Store, name: str, data: bytes) -> str:
    async with contents.uploading(store, len(data)) as upload:
        await upload.write(data)
        return str((await upload.finish(name, PURPOSE, None))["id"])
