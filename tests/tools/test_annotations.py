from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import pytest
from pydantic import BaseModel, Field

from assistream.errors import ConfigurationError
from assistream.tools.annotations import Names
from assistream.tools.context import ToolContext as Context

if TYPE_CHECKING:
    from decimal import Decimal

    from assistream.tools import ToolContext


def types(function: Callable[..., Any]) -> dict[str, Any]:
    names = Names(function)
    return {name: names.resolve(name, text) for name, text in function.__annotations__.items() if name != "return"}


def test_strings_are_types() -> None:
    def f(a: int, b: list[str] | None, c: Annotated[Literal["x"], Field(gt=0)], d: Any) -> None: ...

    found = types(f)
    assert found["a"] is int
    assert found["b"] == list[str] | None
    assert found["c"].__metadata__[0].metadata[0].gt == 0
    assert found["d"] is Any


def test_inner_strings_are_types() -> None:
    def f(a: list["int"]) -> None: ...  # noqa: UP037 -- a string in a string

    assert types(f) == {"a": list[int]}


def test_local_types_are_known_while_they_are_in_sight() -> None:
    class Local(BaseModel):
        x: int

    def f(a: Local) -> None: ...

    assert types(f) == {"a": Local}

    class Holder:
        def method(self, a: list[Local]) -> None: ...

        def __call__(self, a: Local) -> None: ...

    assert types(Holder.method) == {"a": list[Local]}
    assert Names(Holder()).resolve("a", "Local") is Local


def factory() -> tuple[Callable[..., Any], Callable[..., Any], type]:
    class Local(BaseModel):
        x: int

    def closing(a: Local) -> object:
        return Local(x=1)

    def other(a: Local) -> None: ...

    return closing, other, Local


def test_afterwards_only_what_is_closed_over() -> None:
    closing, other, local = factory()
    assert types(closing) == {"a": local}
    with pytest.raises(ConfigurationError, match="Local is not known at run time"):
        types(other)


def test_type_parameters_are_known() -> None:
    def f(a: Any) -> None: ...

    kind = TypeVar("T")  # type: ignore[misc] # pyright: ignore[reportGeneralTypeIssues] -- as `def f[T](a: T)` makes it
    setattr(f, "__type_params__", (kind,))  # noqa: B010 -- type checkers know the attribute from Python 3.12 on
    f.__annotations__["a"] = "T"
    assert types(f) == {"a": kind}


def test_a_name_that_is_assigned_later() -> None:
    def f(a: int) -> object:
        return later  # pyright: ignore[reportUnboundVariable] -- it is assigned below

    assert types(f) == {"a": int}
    later = 1
    assert f(0) == later


def test_what_is_imported_for_type_checkers_only_is_named() -> None:
    def pay(amount: list[Decimal]) -> None: ...

    with pytest.raises(ConfigurationError) as raised:
        types(pay)
    assert str(raised.value) == (
        "pay cannot be a tool: the type of its parameter 'amount', list[Decimal], cannot be resolved: "
        "Decimal is not known at run time (is it imported only under TYPE_CHECKING?)"
    )


def test_the_context_is_known_anyway() -> None:
    def f(ctx: ToolContext) -> None: ...

    assert types(f) == {"ctx": Context}


@pytest.mark.parametrize("annotation", ["not a type", "int.nothing", "1 + 'x'"])
def test_what_is_no_type_is_named(annotation: str) -> None:
    def f(a: Any) -> None: ...

    with pytest.raises(ConfigurationError, match=r"^f cannot be a tool: the type of its parameter 'a', .*cannot be re"):
        Names(f).resolve("a", annotation)
