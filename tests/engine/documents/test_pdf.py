from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from assistream.engine.documents import Unreadable
from assistream.engine.documents.pdf import pages

from . import hostile
from .pdfs import assembled, page, pdf, stream


def test_pages_in_order() -> None:
    assert list(pages(pdf([["One (1)", "café \\ €"], ["Two"]]))) == ["One (1)\ncafé \\ €", "", "Two", ""]


def encrypted(password: str, algorithm: str) -> bytes:
    out, writer = io.BytesIO(), PdfWriter(PdfReader(io.BytesIO(pdf([["Some words to read."]]))))
    writer.encrypt(password, "of its owner", algorithm=algorithm)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_encrypted_for_everybody(algorithm: str) -> None:
    assert next(pages(encrypted("", algorithm))) == "Some words to read."


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_password(algorithm: str) -> None:
    with pytest.raises(Unreadable, match="encrypted with a password"):
        list(pages(encrypted("secret", algorithm)))


def test_without_the_package_that_decrypts(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encrypted("", "AES-256")
    monkeypatch.setattr("pypdf._encryption.CryptAES.decrypt", _absent, raising=False)
    monkeypatch.setattr("pypdf._encryption.aes_cbc_decrypt", _absent)
    monkeypatch.setattr("pypdf._encryption.aes_cbc_encrypt", _absent)
    with pytest.raises(Unreadable, match="needs another package") as caught:
        list(pages(data))
    assert caught.value.code == "server_error"


def _absent(*args: object) -> bytes:
    from pypdf.errors import DependencyError

    raise DependencyError("cryptography is required")


def test_a_page_that_cannot_be_read_is_named() -> None:
    tree = b"<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    good = stream(b"BT /F1 11 Tf 50 760 Td (Words) Tj ET")
    broken = b"<< /Length 5 /Filter /NoSuchFilter >>\nstream\nabcde\nendstream"
    data = assembled([b"<< /Type /Catalog /Pages 2 0 R >>", tree, font, page(5), good, page(7), broken])
    assert list(pages(data)) == ["Words", "", "[Page 2 could not be read: NotImplementedError]", ""]


def test_ligatures_are_letters() -> None:
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(io.BytesIO(_with_ligatures())))
    writer.write(out)
    assert next(pages(out.getvalue())) == "efficient office"


def _with_ligatures() -> bytes:
    """A font whose byte 1 is drawn as ﬃ."""
    table = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange"
        b" 1 beginbfchar <01> <FB03> endbfchar endcmap"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    tree = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    text = stream(b"BT /F1 11 Tf 50 760 Td (e\x01cient o\x01ce) Tj ET")
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", tree, font, page(5), text, stream(table)])


def test_pictures_only() -> None:
    with pytest.raises(Unreadable, match="OCR"):
        list(pages(pdf([[], []])))


def test_no_page_can_be_read() -> None:
    with pytest.raises(Unreadable, match="No page"):
        list(pages(hostile.swollen_pdf()))
