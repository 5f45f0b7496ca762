from __future__ import annotations

from assistream.engine.documents import Unreadable


def test_it_says_why() -> None:
    error = Unreadable("invalid_file", "The file is empty.")
    assert (error.code, error.message, str(error)) == ("invalid_file", "The file is empty.", "The file is empty.")
