from __future__ import annotations

from collections.abc import Callable

import pytest

from assistream.engine.documents import Unreadable
from assistream.engine.documents.archives import office

from . import hostile


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx"])
def test_kind(kind: str) -> None:
    assert office(hostile.office(kind)) == kind


@pytest.mark.parametrize(
    ("make", "code", "says"),
    [
        (lambda: hostile.half(hostile.office("docx")), "invalid_file", "damaged"),
        (lambda: hostile.swollen_word(200), "invalid_file", "too large when it is unpacked"),
        (lambda: hostile.crowded(), "invalid_file", "too large when it is unpacked"),
        (lambda: hostile.laughing(), "invalid_file", "document type"),
        (lambda: hostile.curious("/etc/passwd"), "invalid_file", "document type"),
        (lambda: hostile.curious_in("utf-16", "UTF-16"), "invalid_file", "document type"),
        (lambda: hostile.curious_in("utf-16-be", "UTF-16"), "invalid_file", "document type"),
        (lambda: hostile.curious_in("utf-32", "UTF-32"), "invalid_file", "neither in UTF-8"),
        (lambda: hostile.curious_in("utf-7", "utf-7"), "invalid_file", "neither in UTF-8"),
        (lambda: hostile.curious_in("cp500", "cp500"), "invalid_file", "neither in UTF-8"),
        (lambda: hostile.with_entries(b"PK\x05\x06" + bytes(18), {"../../a": b"words"}), "unsupported_file", "archive"),
        (
            lambda: hostile.with_entries(b"PK\x05\x06" + bytes(18), {"[Content_Types].xml": b"<Types/>"}),
            "unsupported_file",
            "Office format",
        ),
    ],
    ids=[
        "half",
        "swollen",
        "crowded",
        "laughing",
        "curious",
        "utf-16",
        "utf-16-be",
        "utf-32",
        "utf-7",
        "ebcdic",
        "archive",
        "other",
    ],
)
def test_refused(make: Callable[[], bytes], code: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as caught:
        office(make())
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("mimetype", "says"),
    [
        (b"application/vnd.oasis.opendocument.text", "OpenDocument format. Save it as .docx"),
        (b"application/vnd.oasis.opendocument.spreadsheet\n", "OpenDocument format. Save it as .docx"),
        (b"application/epub+zip", "EPUB book. Convert it to .pdf"),
        (b"application/other", "archive"),
    ],
)
def test_formats_that_say_what_they_are(mimetype: bytes, says: str) -> None:
    """They may have what no Office document has."""
    entries = {"mimetype": mimetype, "META-INF/page.txt": b"<!DOCTYPE html><html/>"}
    if says != "archive":
        entries["META-INF/page.xml"] = entries["META-INF/page.txt"]
    with pytest.raises(Unreadable, match=says) as caught:
        office(hostile.with_entries(b"PK\x05\x06" + bytes(18), entries))
    assert caught.value.code == "unsupported_file"


def test_parts_may_be_in_utf16() -> None:
    assert office(hostile.in_utf16()) == "docx"


def test_much_that_does_not_grow_is_no_bomb() -> None:
    pictures = {f"word/media/{number}.png": bytes([number]) * hostile.MEGA for number in range(50)}
    assert office(hostile.with_entries(hostile.office("docx"), pictures)) == "docx"
