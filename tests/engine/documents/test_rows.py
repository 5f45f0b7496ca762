from __future__ import annotations

import pytest

from assistream.engine.documents.rows import named, table


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_values_have_the_names_of_their_columns(delimiter: str) -> None:
    text = "name,city\r\nAda,Zürich\r\nBob,\r\n\r\n".replace(",", delimiter)
    assert list(table(text)) == ["name; city", "name: Ada; city: Zürich", "name: Bob"]


def test_quoted_values() -> None:
    text = 'name;said\nAda;"one; two\nthree ""four"""\nBob;no, no, no\n'
    assert list(table(text))[1:] == ['name: Ada; said: one; two three "four"', "name: Bob; said: no, no, no"]


@pytest.mark.parametrize("text", ["1,2\n3,4\n", "a,a\nb,b\n", "2024-01-01,x\n2024-01-02,y\n"])
def test_no_names(text: str) -> None:
    assert list(table(text)) == [line.replace(",", "; ") for line in text.splitlines()]


def test_one_column() -> None:
    assert list(table("a word\nand another\n")) == ["a word", "and another"]


def test_rows_of_other_lengths() -> None:
    assert list(named([["a", "", "c"], ["1", "2", "3", "4"], ["5"]])) == ["a; c", "a: 1; 2; c: 3; 4", "a: 5"]


def test_nothing() -> None:
    assert list(table("\n\n")) == list(named([])) == list(named([["", " "]])) == []


def test_a_quote_that_nobody_closes() -> None:
    assert list(table('a,b\n1,"2\n3,4\n')) == ["a; b", "a: 1; b: 2 3,4"]


def test_long_names_are_cut() -> None:
    _, row = named([["n" * 1000, "b"], ["1", "2"]])
    assert row == f"{'n' * 80}: 1; b: 2"


def test_long_values() -> None:
    assert list(table(f"a,b\n1,{'x' * 200_000}\n"))[1] == f"a: 1; b: {'x' * 200_000}"
