from __future__ import annotations

import json
import random
import re

from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.models import pieces


@given(st.text())
def test_words_join_to_the_text(text: str) -> None:
    assert "".join(pieces.words(text)) == text


@given(st.text())
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(pieces.tokens(text)) == text


def test_words_keep_the_space_before_them() -> None:
    assert pieces.words("It rains\n\nin Oslo. ") == ["It", " rains", "\n\nin", " Oslo.", " "]


def test_tokens_split_inside_strings_and_words() -> None:
    assert pieces.tokens(json.dumps({"city": "Bergen"})) == ['{"', "city", '":', ' "', "Berg", "en", '"}']


def test_call_ids_look_like_those_of_the_api() -> None:
    source = random.Random(1)
    first, second = pieces.call_id(source), pieces.call_id(source)

    assert re.fullmatch(r"call_[A-Za-z0-9]{24}", first)
    assert first != second
