from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.documents import SUPPORTED, Unreadable, parsing
from assistream.engine.documents.parsing import parse

from . import hostile


def test_text_is_tidied() -> None:
    text = "\ufeff\r\n  first  \r\nsec\u00adond\x00\rthird\t \n\n\n\n\n\nlast words, and some more of them\f"
    assert parse("text", text.encode()) == "  first\nsecond\nthird\n\n\nlast words, and some more of them"


@given(st.text(), st.sampled_from(sorted({"text", "markdown", "code", "json", "csv", "html"})))
def test_anything_is_read_or_refused(text: str, kind: str) -> None:
    try:
        read = parse(kind, text.encode())
    except Unreadable:
        return
    assert read.strip("\n") == read != ""
    assert read.encode()


@given(st.binary(), st.sampled_from(sorted({*SUPPORTED.values(), "office"})))
def test_any_bytes_are_read_or_refused(data: bytes, kind: str) -> None:
    with suppress(Unreadable):
        assert parse(kind, data)


@given(st.sampled_from(["pdf", "docx", "pptx", "xlsx"]), st.data())
def test_damaged_documents_are_read_or_refused(kind: str, data: st.DataObject) -> None:
    written = bytearray(_WRITTEN[kind])
    for place in data.draw(st.lists(st.integers(0, len(written) - 1), min_size=1, max_size=8)):
        written[place] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        assert parse("office" if kind != "pdf" else kind, bytes(written))


_WRITTEN = {kind: hostile.office(kind) for kind in ("pdf", "docx", "pptx", "xlsx")}


@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx", "xlsx", "html"])
def test_a_parser_that_is_not_installed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, _, package = parsing._PARSERS[kind]
    monkeypatch.setitem(sys.modules, f"assistream.engine.documents.{module}", None)
    with pytest.raises(Unreadable, match=rf"needs the package {package}.*assistream\[engine\]") as caught:
        parse(kind, b"anything")
    assert caught.value.code == "server_error"


@pytest.mark.parametrize(
    ("raised", "says"), [(MemoryError(), "too much memory"), (RecursionError(), "too deep"), (KeyError("x"), "damaged")]
)
def test_whatever_a_parser_raises(raised: BaseException, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> Iterator[str]:
        raise raised

    monkeypatch.setattr(parsing, "records", broken)
    with pytest.raises(Unreadable, match=says) as caught:
        parse("json", b"{}")
    assert caught.value.code == "invalid_file"


@pytest.mark.parametrize("data", [b"word " * (4 * 2**20 + 1), bytes(parsing.MAX_PLAIN + 1)], ids=["tokens", "bytes"])
def test_too_much(data: bytes) -> None:
    with pytest.raises(Unreadable, match="more than 5,000,000 tokens"):
        parse("text", data)


def test_as_much_as_may_be() -> None:
    text = "word " * (4 * 10**6 - 1)
    assert parse("text", text.encode()) == text.rstrip()
