from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from assistream.tools.docstrings import read

GOOGLE = """
    Today's forecast.

    Of one city: any will do.

    Args:
        city: City and country,
            e.g. "Oslo, Norway".
        days (int, optional): How many.

    Returns:
        A forecast.

    Raises:
        ValueError: There is none.
"""
NUMPY = """
    Today's forecast.

    Of one city: any will do.

    Parameters
    ----------
    city : str
        City and country,
        e.g. "Oslo, Norway".
    days : int, optional
        How many.

    Returns
    -------
    Forecast
        A forecast.
"""
SPHINX = """
    Today's forecast.

    Of one city: any will do.

    :param city: City and country,
        e.g. "Oslo, Norway".
    :param int days: How many.
    :returns: A forecast.
"""


@pytest.mark.parametrize("text", [GOOGLE, NUMPY, SPHINX], ids=["Google", "NumPy", "Sphinx"])
def test_conventions(text: str) -> None:
    said, parameters = read(inspect.cleandoc(text))
    assert said == "Today's forecast.\n\nOf one city: any will do."
    assert {name: " ".join(words.split()) for name, words in parameters.items()} == {
        "city": 'City and country, e.g. "Oslo, Norway".',
        "days": "How many.",
    }


@pytest.mark.parametrize("text", ["One line.", "One line: with a colon.", "First.\n\n- a: 1\n- b: 2", "Ünïcode — ok"])
def test_plain_text_is_a_description(text: str) -> None:
    assert read(text) == (text, {})


@pytest.mark.parametrize("text", [None, "", " \n "])
def test_nothing_says_nothing(text: str | None) -> None:
    assert read(text) == ("", {})


@pytest.mark.parametrize("text", ["Do it.\n\nArgs:\n    broken", "Do it.\n\n:param: x", "Do it.\n\n:param a b c d: x"])
def test_a_broken_docstring_is_no_error(text: str) -> None:
    assert read(text)[0].startswith("Do it.")


def test_the_parser_is_imported_when_needed() -> None:
    program = "import sys, assistream.tools; sys.exit('docstring_parser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
