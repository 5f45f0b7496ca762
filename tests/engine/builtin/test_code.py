"""The code that a model writes, out of arguments in any pieces."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.builtin.code import CodeReader


def read(*pieces: str) -> str:
    reader = CodeReader()
    deltas = [*(reader.take(piece) for piece in pieces), reader.end()]
    return "".join(delta["input"] for delta in deltas if delta)


@given(st.text(), st.booleans(), st.integers(1, 9))
def test_what_was_written_is_read(code: str, ascii: bool, size: int) -> None:
    written = json.dumps({"language": "python", "code": code}, ensure_ascii=ascii)
    assert read(*(written[at : at + size] for at in range(0, len(written), size))) == code


@given(st.text(), st.integers(1, 9))
def test_pieces_change_nothing(text: str, size: int) -> None:
    assert read(*(text[at : at + size] for at in range(0, len(text), size))) == read(text)


def test_code_comes_as_it_is_written() -> None:
    reader = CodeReader()
    assert reader.take('{"co') is None
    assert reader.take('de": "pri') == {"input": "pri"}
    assert reader.take("nt(1)\\") == {"input": "nt(1)"}
    assert reader.take("n2") == {"input": "\n2"}
    assert reader.take('"}') is None
    assert reader.end() is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("print(1)", "print(1)"),
        ("  print(1)\n", "  print(1)\n"),
        ("{1, 2}", "{1, 2}"),
        ('{"a"} | {"b"}', '{"a"} | {"b"}'),
        ('{"code": "a"', "a"),
        ('{"code": "a', "a"),
        ('{"code": "a\\', "a\\"),
        ('{"input": "a"}', "a"),
        ('{"x": {"code": "no", "y": ["}", {"z": "\\"}"}]}, "n": -1.5, "code": "yes"}', "yes"),
        ('{"code": "\\d \\x \\u12 \\u00e4"}', "\\d \\x \\u12 ä"),
        ('{"code": "\\ud83d\\ude00 \\ud83d \\ude00"}', "😀 \ufffd \ufffd"),
        ('{"code": "\\ud83d\\ud83d\\ude00"}', "\ufffd😀"),
        ("print('\ud83d')", "print('?')"),
        ('{"code": "a\nb"}', "a\nb"),
        ('{"code": "a"} and more', "a"),
        ("{}", ""),
        ("", ""),
        ("   ", "   "),
        ('{"other": "a"}', ""),
        ('{"code": 5}', ""),
        ('{"cod', '{"cod'),
    ],
)
def test_what_models_write(arguments: str, code: str) -> None:
    assert read(arguments) == code
    assert read(*arguments) == code
