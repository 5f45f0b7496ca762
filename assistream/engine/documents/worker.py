"""The process that reads documents: one after the other, from its standard input, within limits.

A request is a line of JSON (`kind`, `size`, `seconds`) and then the bytes of the document; an answer is a line of JSON
(`size`, and `code` if it could not be read) and then the text, or the reason. It ends when its input does.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import warnings
from contextlib import suppress
from typing import BinaryIO

from .parsing import parse
from .unreadable import Unreadable

_MEMORY = 2**30
"""Bytes of address space, and four times the document in addition."""
_POLITE = 5


def main() -> None:
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints is no answer
    _calm()
    while line := requests.readline():
        asked = json.loads(line)
        # The processor's time counts from the start of the process.
        _limit(CPU=int(time.process_time() + asked["seconds"]) + 1, AS=_MEMORY + 4 * asked["size"])
        _answer(answers, asked["kind"], requests.read(asked["size"]))


def _calm() -> None:
    """Once: nothing is printed, written or started, and what serves requests comes first."""
    logging.disable()
    warnings.simplefilter("ignore")
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would import it, for types that no file has
    if sys.platform != "win32":
        os.nice(_POLITE)
    _limit(CORE=0, FSIZE=0, NPROC=0)


def _limit(**limits: int) -> None:
    """Sets RLIMIT_... of these names. On Windows there is no limit but the time that whoever asks waits."""
    if sys.platform == "win32":
        return
    import resource

    for name, most in limits.items():
        # A system may not know the limit, or have a lower one.
        with suppress(AttributeError, ValueError, OSError):
            what: int = getattr(resource, f"RLIMIT_{name}")
            resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


def _answer(answers: BinaryIO, kind: str, data: bytes) -> None:
    told: dict[str, object] = {}
    try:
        text = parse(kind, data)
    except Unreadable as error:
        told["code"], text = error.code, error.message
    encoded = text.encode("utf-8", "replace")
    answers.write(json.dumps({"size": len(encoded), **told}).encode() + b"\n" + encoded)
    answers.flush()
