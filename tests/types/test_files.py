from __future__ import annotations

from assistream.types import FileDeleted, FileObject

from .recorded import lossless


def test_a_file() -> None:
    sent = (
        '{"id": "file-1", "object": "file", "bytes": 3, "created_at": 1, "filename": "a.txt", "purpose": "poetry",'
        ' "status": "processed", "status_details": null, "expires_at": null}'
    )
    read = lossless(FileObject, sent)
    assert (read.bytes, read.filename, read.purpose) == (3, "a.txt", "poetry")


def test_a_bare_file() -> None:
    read = FileObject.model_validate_json('{"id": "file-1"}')
    assert (read.object, read.bytes, read.filename, read.status) == ("file", 0, "", "")
    assert (read.expires_at, read.status_details) == (None, None)


def test_a_deletion() -> None:
    assert lossless(FileDeleted, '{"id": "file-1", "object": "file", "deleted": false}').deleted is False
