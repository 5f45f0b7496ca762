from __future__ import annotations

import os
import sys
import threading
import time

import pytest

from assistream.engine.documents import Unreadable
from assistream.engine.documents.process import Process

from . import hostile
from .samples import document

PDF = document("pdf", "A title", ["Words."])[1]


def test_it_is_asked_again_and_leaves_nothing() -> None:
    process = Process()
    assert process.lives
    assert {process.parse("pdf", PDF, 60) for _ in range(3)} == {"A title\nWords."}
    assert process.lives
    process.stop()
    assert not process.lives


def test_one_that_was_never_started() -> None:
    process = Process()
    process.stop()
    with pytest.raises(Unreadable, match="cancelled"):
        process.parse("pdf", PDF, 60)


def test_a_document_that_is_refused() -> None:
    process = Process()
    with pytest.raises(Unreadable, match="encrypted") as caught:
        process.parse("pdf", hostile.locked_pdf(), 60)
    assert caught.value.code == "invalid_file"
    process.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_time_of_the_processor_is_limited() -> None:
    process = Process()
    with pytest.raises(Unreadable, match="takes too long"):
        process.parse("office", hostile.endless_rows(), 0)
    process.stop()


def test_it_dies_while_it_reads() -> None:
    process = Process()
    assert process.parse("text", b"words", 60)
    failed: list[Unreadable] = []

    def ask() -> None:
        try:
            process.parse("office", hostile.endless_rows(), 60)
        except Unreadable as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not process._asking.locked():
        time.sleep(0.001)
    process.kill()
    asking.join()
    process.stop()
    assert [error.code for error in failed] == ["invalid_file"]


def test_it_died_before() -> None:
    process = Process()
    process.parse("text", b"words", 60)
    assert process._process is not None
    process._process.kill()
    process._process.wait()
    assert not process.lives
    with pytest.raises(Unreadable, match="ended"):
        process.parse("text", b"words" * 100_000, 60)
    process.stop()


def test_it_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", os.devnull)
    process = Process()
    with pytest.raises(Unreadable, match="cannot be started") as caught:
        process.parse("pdf", PDF, 60)
    assert caught.value.code == "server_error"
    process.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_it_is_told_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    process = Process()
    process.parse("text", b"words", 60)
    assert process._process is not None
    with open(f"/proc/{process._process.pid}/environ", "rb") as environment:
        assert b"secret" not in environment.read()
    process.stop()
