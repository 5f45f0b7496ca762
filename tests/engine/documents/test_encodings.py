from __future__ import annotations

import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.documents import Unreadable
from assistream.engine.documents.encodings import decoded

TEXT = "Grüße, naïve café – “words” for 5 €.\n" * 5


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252"]
)
def test_encoding(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding)) == TEXT


def test_marks_of_the_other_byte_order() -> None:
    assert decoded(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")) == TEXT
    assert decoded(codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be")) == TEXT


def test_a_wrong_byte_does_not_change_the_rest() -> None:
    assert decoded(TEXT.encode() + b"\xff") == TEXT + "\ufffd"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset='windows-1251'>", "windows-1251"),
        ('<meta content="text/html; charset=shift_jis">', "shift_jis"),
        ("# -*- coding: koi8-r -*-", "koi8-r"),
    ],
)
def test_an_encoding_that_the_file_tells(head: str, encoding: str) -> None:
    text = head + ("Слово за словом " if encoding != "shift_jis" else "日本語のテキスト") * 20
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("name", ["gb-no-such", "latin-x", "cp00"])
def test_an_encoding_that_nobody_knows(name: str) -> None:
    assert decoded(f"charset={name} caf\xe9".encode("latin-1")).endswith("café")


@pytest.mark.parametrize("data", [bytes(1000), bytes(range(256)) * 100, b"MZ\x90\x00\x03\x00\x00\x00" * 500])
def test_no_text(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        decoded(data)
    assert caught.value.code == "unsupported_file"


def test_no_text_behind_a_text() -> None:
    with pytest.raises(Unreadable):
        decoded(b"#!/bin/sh\n" * 20_000 + bytes(range(256)) * 1000)


@given(st.binary(min_size=1, max_size=200))
def test_anything_is_text_or_refused(data: bytes) -> None:
    with suppress(Unreadable):
        decoded(data).encode()  # which half a character could not be


def test_a_mark_alone() -> None:
    assert decoded(b"\xfe\xff") == ""


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=200))
def test_utf_8_is_taken_as_it_is(text: str) -> None:
    text = text.replace("\ufffd", "").lstrip("\ufeff")
    assert decoded(text.encode()) == text
