from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from . import hostile
from .samples import document

COMMAND = [sys.executable, "-c", "from assistream.engine.documents.worker import main; main()"]


def asked(*requests: tuple[str, bytes], tail: bytes = b"") -> list[tuple[str | None, str]]:
    """What a worker answers to these, each as its code and what it says."""
    sent = b"".join(
        json.dumps({"kind": kind, "size": len(data), "seconds": 60}).encode() + b"\n" + data for kind, data in requests
    )
    done = subprocess.run(COMMAND, input=sent + tail, capture_output=True, check=not tail)
    return list(answers(done.stdout))


def answers(said: bytes) -> Iterator[tuple[str | None, str]]:
    while said:
        line, _, rest = said.partition(b"\n")
        told = json.loads(line)
        yield told.get("code"), rest[: told["size"]].decode()
        said = rest[told["size"] :]


def test_one_after_the_other() -> None:
    text = document("pdf", "A title", ["Words."])[1]
    first, second, third = asked(("pdf", text), ("office", b"no archive"), ("text", b"caf\xc3\xa9"))
    assert first == (None, "A title\nWords.")
    assert second[0] == "invalid_file"
    assert third == (None, "café")


def test_nothing_to_read() -> None:
    assert asked() == []


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_memory_is_limited() -> None:
    ((code, _),) = asked(("office", hostile.swollen_tree()))
    assert code == "invalid_file"
