"""What the processes of a sandbox use, from ``/proc``: what no limit of a single process can hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_KIB = 1024

# A kernel's memory for these counts against nobody.
MOST_FILES = 20_000
MOST_SOCKETS = 1_000

_TABLES = "VmPTE:"
"""Page tables: memory of which much can be had by reading alone, where there is nothing."""


@dataclass(frozen=True, slots=True)
class Usage:
    memory: int
    cpu_seconds: float
    sockets: int
    files: int
    own: Mapping[tuple[int, str], float]
    """The processor time of each process alone, without that of children it has waited for; by number and start."""


def usage(root: int, folders: Sequence[int]) -> Usage:
    """Of a process and all below it; a process that ends while we look may be missing."""
    processes = list(_below(root))
    memory = sum(map(_resident, processes))
    times = {process: times for process in processes if (times := _times(process))}
    spent = sum(time.all for time in times.values())
    own = {(process, time.start): time.own for process, time in times.items()}
    return Usage(memory, spent, _sockets(root), sum(map(_files, folders)), own)


class Clock:
    """The processor time that was spent since some look, by all later ones."""

    def __init__(self, first: Usage) -> None:
        self._first = first.cpu_seconds
        self._own = dict(first.own)
        self._seen = 0.0
        self.seconds: float = 0.0

    def look(self, used: Usage) -> float:
        """What there is of those that have ended is with their parents; but not where nobody waited for them, so what
        was seen of each is added up, too. It never goes back.
        """
        for process, seconds in used.own.items():
            self._seen += seconds - self._own.get(process, 0.0)
            self._own[process] = seconds
        self.seconds = max(self.seconds, self._seen, used.cpu_seconds - self._first)
        return self.seconds


def shared_once(root: int) -> int:
    """The memory again, slowly: what processes share after a fork is counted once."""
    return sum(map(_proportional, _below(root)))


def _below(process: int) -> Iterator[int]:
    yield process
    for task in _threads(process):
        for child in _read(f"/proc/{process}/task/{task}/children").split():
            yield from _below(int(child))


def _threads(process: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{process}/task")
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""  # it has ended


def _resident(process: int) -> int:
    return _sum(_told(process, "status", "RssAnon:"), ("RssAnon:", "RssShmem:", _TABLES))


def _proportional(process: int) -> int:
    parts = _told(process, "smaps_rollup", "Pss_Anon:")
    if not parts:
        return _resident(process)
    return _sum(parts, ("Pss_Anon:", "Pss_Shmem:")) + _sum(_told(process, "status", _TABLES), (_TABLES,))


def _told(process: int, file: str, mark: str) -> str:
    """By the first of its threads that has memory: one that has ended has none, and may be the first of a process."""
    told = (_read(f"/proc/{process}/task/{thread}/{file}") for thread in _threads(process))
    return next((lines for lines in told if mark in lines), "")


def _sum(lines: str, names: tuple[str, ...]) -> int:
    return sum(int(line.split()[1]) * _KIB for line in lines.splitlines() if line.startswith(names))


class _Times(NamedTuple):
    start: str
    own: float
    all: float


def _times(process: int) -> _Times | None:
    # After the name, which may have any character: user and system time, and those of children that have ended.
    fields = _read(f"/proc/{process}/stat").rpartition(")")[2].split()
    if len(fields) < 20:
        return None
    ticks = [int(field) / _TICKS for field in fields[11:15]]
    return _Times(fields[19], sum(ticks[:2]), sum(ticks))


def _sockets(process: int) -> int:
    lines = _read(f"/proc/{process}/net/sockstat").splitlines()
    return next((int(line.split()[2]) for line in lines if line.startswith("sockets: used")), 0)


def _files(folder: int) -> int:
    status = os.statvfs(folder)
    return status.f_files - status.f_ffree
