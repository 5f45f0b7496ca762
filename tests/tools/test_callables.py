from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial, wraps
from typing import Any

import pytest

from assistream.errors import ConfigurationError
from assistream.tools.callables import bound_names, check, docstring, is_async, is_of_class, name_for, routine, title


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


async def wait() -> None:
    """Wait."""


class Adder:
    """Adds."""

    def __call__(self, a: int) -> int:
        return a

    def method(self) -> None:
        """A method."""

    async def later(self) -> None: ...


class Waiter:
    """Waits."""

    async def __call__(self) -> None:
        """Wait for it."""


@wraps(add)
def wrapped(*args: Any, **kwargs: Any) -> int:
    return add(*args, **kwargs)


@pytest.mark.parametrize(
    ("function", "name", "doc", "asynchronous", "inner"),
    [
        (add, "add", "Add two numbers.", False, add),
        (wait, "wait", "Wait.", True, wait),
        (partial(add, 1), "add", "Add two numbers.", False, add),
        (partial(partial(wait)), "wait", "Wait.", True, wait),
        (Adder(), "Adder", "Adds.", False, Adder.__call__),
        (Waiter(), "Waiter", "Wait for it.", True, Waiter.__call__),
        (partial(Waiter()), "Waiter", "Wait for it.", True, Waiter.__call__),
        (Adder().method, "method", "A method.", False, Adder.method),
        (Adder().later, "later", None, True, Adder.later),
        (wrapped, "add", "Add two numbers.", False, add),
        (staticmethod(wait), "wait", "Wait.", True, wait),
        (len, "len", len.__doc__, False, len),
    ],
)
def test_all_kinds(function: Any, name: str, doc: str | None, asynchronous: bool, inner: Any) -> None:
    check(function)
    assert name_for(function) == title(function) == name
    assert docstring(function) == doc
    assert is_async(function) is asynchronous
    assert routine(function) is inner


def test_names_that_a_partial_has_set() -> None:
    assert bound_names(partial(partial(add, b=1), a=2)) == {"a", "b"}
    assert bound_names(add) == set()


def generator() -> Iterator[int]:
    yield 1


async def async_generator() -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (Adder, "^Adder cannot be a tool: a class is no function"),
        (generator, "^generator cannot be a tool: it yields; return a list instead"),
        (async_generator, "^async_generator cannot be a tool: it yields"),
        (partial(generator), "^generator cannot be a tool: it yields"),
    ],
)
def test_what_is_refused(function: Any, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        check(function)


def test_what_cannot_be_called_is_refused() -> None:
    with pytest.raises(TypeError, match="A tool is a function, and 3 is none"):
        check(3)


@pytest.mark.parametrize("name", ["a", "A-1_z", "x" * 64])
def test_names_that_the_api_takes(name: str) -> None:
    assert name_for(add, name) == name


@pytest.mark.parametrize("name", ["", "a b", "grüß", "x" * 65, "a\n", "a.b"])
def test_names_that_it_does_not_take(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^add cannot be a tool: .* is no name that the API takes .*pass name="
    ):
        name_for(add, name)


def test_a_lambda_needs_a_name() -> None:
    with pytest.raises(ConfigurationError, match="'<lambda>' is no name"):
        name_for(lambda: None)


def test_functions_of_a_class() -> None:
    assert is_of_class(Adder.method)
    assert is_of_class(Adder().method)
    assert not is_of_class(add)

    def local() -> None: ...

    assert not is_of_class(local)
