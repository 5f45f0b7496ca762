"""One engine per database: the file beside it that an engine holds locked while it lives.

SQLite does the locking, as it works on every system and ends with the process, however that ends. The file stays: to
remove it while somebody else waits for it would let two engines in.
"""

from __future__ import annotations

import os
import sqlite3


class Taken(Exception):
    """Another engine, in this process or another one, has the lock."""


class FileLock:
    """The lock of the database at ``path``, held from here until `release`."""

    def __init__(self, path: str) -> None:
        # The real path, so that links to one database are one database.
        name = f"{os.path.realpath(path)}.lock"
        self._connection = sqlite3.connect(name, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise Taken(path) from None
            raise

    def release(self) -> None:
        self._connection.close()
