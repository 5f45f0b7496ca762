from __future__ import annotations

import pytest

from assistream.engine.documents import SUPPORTED, Unreadable
from assistream.engine.documents.kinds import extension, kind_of

HOSTED = ".c .cpp .cs .css .docx .go .html .java .js .json .md .pdf .php .pptx .py .rb .sh .tex .ts .txt"


def test_what_the_hosted_api_reads_is_read() -> None:
    assert set(HOSTED.split()) <= SUPPORTED.keys()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"words", "text"),
        ("A.MD", b"words", "markdown"),
        ("a.unknown", b"words", "text"),
        ("Makefile", b"words", "text"),
        ("", b"words", "text"),
        ("../../etc/passwd", b"words", "text"),
        ("x" * 100_000 + ".py", b"words", "code"),
        ("a\x00b.json", b"{}", "json"),
        ("a.txt", b"\n%PDF-1.7", "pdf"),
        ("a.pdf", b"junk\n%PDF-1.7", "pdf"),
        ("a.txt", b"A text about %PDF-1.7", "text"),
        ("a.txt", b"PK\x03\x04", "office"),
        ("a.docx", b"PK\x03\x04", "office"),
        ("page", b"\xef\xbb\xbf\n<!DOCTYPE html>\n<p>", "html"),
        ("page.txt", b"<?xml version='1.0'?><html lang=en>", "html"),
        ("page.php", b"<!DOCTYPE html><?php ?>", "code"),
        ("page.txt", b"<htmlish>", "text"),
    ],
)
def test_kind(name: str, data: bytes, kind: str) -> None:
    assert kind_of(name, data) == kind


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "invalid_file"),
        ("a.txt", b" \n", "invalid_file"),
        ("a.docx", b"words", "invalid_file"),
        ("a.pdf", b"words", "invalid_file"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unsupported_file"),
        ("a.rtf", b"{\\rtf1 }", "unsupported_file"),
    ],
)
def test_no_kind(name: str, data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        kind_of(name, data)
    assert caught.value.code == code


@pytest.mark.parametrize(("name", "found"), [("a.b.PY", ".py"), ("a", ""), (".profile", ".profile"), ("a.", ".")])
def test_extension(name: str, found: str) -> None:
    assert extension(name) == found
