"""Several teams on one engine: every object belongs to a project, and who has a key of one sees nothing of another.

Nobody has to think of it: while a request is served, or a run worked on, `PROJECT` says for whom, and each statement
on a table that has a column ``project`` is about that project's rows only (`scoped`).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

DEFAULT = "default"
"""The project of an engine's own keys, and of everybody where no key is needed."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
"""What projects, and keys, are called."""

PROJECT: ContextVar[str | None] = ContextVar("project", default=None)
"""Who is served. None is the engine itself, which sees everything: when it starts, and for whoever has the database."""


@contextmanager
def acting_for(project: str | None) -> Generator[None]:
    token = PROJECT.set(project)
    try:
        yield
    finally:
        PROJECT.reset(token)
