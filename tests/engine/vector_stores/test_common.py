from __future__ import annotations

from assistream.engine.vector_stores.common import COMMON
from assistream.engine.vector_stores.words import words


def test_they_are_in_the_form_in_which_words_are_compared() -> None:
    assert set(words("How do I find the one where you are? Comment est-ce que ça? Wie ist das für mich?")) - COMMON == {
        "one", "ca", "mich",
    }  # fmt: skip


def test_what_means_something_in_english_is_not_among_them() -> None:
    assert not set(words("war hat man die son pour dove van")) & COMMON
