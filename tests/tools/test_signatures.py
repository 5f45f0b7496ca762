from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import pytest

from assistream.errors import ConfigurationError
from assistream.tools import ToolContext
from assistream.tools.signatures import Signature

from .examples import CONTEXT

if TYPE_CHECKING:
    from fractions import Fraction


def names(function: Callable[..., Any]) -> list[str]:
    return [parameter.name for parameter in Signature(function).arguments]


def call(function: Callable[..., Any], **given: Any) -> Any:
    positional, keywords = Signature(function).bind(given, CONTEXT)
    return function(*positional, **keywords)


def test_positional_only_and_keyword_only() -> None:
    def f(a: int, b: int = 2, /, c: int = 3, *, d: int, e: int = 5) -> object:
        return a, b, c, d, e

    assert names(f) == ["a", "b", "c", "d", "e"]
    assert call(f, a=0, d=0) == (0, 2, 3, 0, 5)
    assert call(f, a=0, b=0, c=0, d=0, e=0) == (0, 0, 0, 0, 0)


def test_a_later_positional_one_alone() -> None:
    def f(a: int = 1, b: int = 2, /) -> object:
        return a, b

    assert call(f, b=0) == (1, 0)


def test_the_context_stands_anywhere() -> None:
    def first(ctx: ToolContext, a: int) -> object:
        return ctx, a

    def last(a: int, *, context: ToolContext | None = None) -> object:
        return context, a

    def only(tool: Annotated[ToolContext, "of this call"], a: int, /) -> object:
        return tool, a

    for function in (first, last, only):
        assert names(function) == ["a"]
        assert call(function, a=1) == (CONTEXT, 1)


def test_a_list_of_contexts_is_none() -> None:
    def f(history: list[ToolContext]) -> None: ...

    assert names(f) == ["history"]


def test_two_contexts_are_one_too_many() -> None:
    def f(a: ToolContext, b: ToolContext) -> None: ...

    with pytest.raises(ConfigurationError, match=r"^f cannot be a tool: it has more than one ToolContext: a, b"):
        Signature(f)


def test_a_method_of_an_object() -> None:
    class Shop:
        def sell(self, item: str) -> object:
            return self, item

        def __call__(self, item: str) -> object:
            return item

    shop = Shop()
    assert call(shop.sell, item="x") == (shop, "x")
    assert call(shop, item="x") == "x"
    assert names(shop) == ["item"]


def test_what_a_partial_has_set_is_not_the_models() -> None:
    def f(key: str, a: int, secret: str, b: int = 2) -> object:
        return key, a, secret, b

    bound = partial(partial(f, "k"), secret="s")
    assert names(bound) == ["a", "b"]
    assert call(bound, a=1) == ("k", 1, "s", 2)


def test_without_an_annotation_anything_goes() -> None:
    scope: dict[str, Any] = {}
    exec("def f(a, b=1): ...", scope)
    assert [parameter.annotation for parameter in Signature(scope["f"]).arguments] == [Any, Any]


def test_what_is_returned_does_not_matter() -> None:
    def f(a: int) -> list[Fraction]:
        return []

    assert names(f) == ["a"]


def test_arguments_without_a_name_are_refused() -> None:
    def several(a: int, *rest: int) -> None: ...
    def options(a: int, **more: int) -> None: ...

    with pytest.raises(ConfigurationError, match=r"^several cannot be a tool: .*and \*rest: 'int' has none"):
        Signature(several)
    with pytest.raises(ConfigurationError, match=r"^options cannot be a tool: .*and \*\*more: 'int' has none"):
        Signature(options)


def test_a_builtin_may_hide_its_parameters() -> None:
    with pytest.raises(ConfigurationError, match=r"^max cannot be a tool: its parameters are not known"):
        Signature(max)


def test_a_method_without_its_object() -> None:
    class Shop:
        def sell(self, item: str) -> str:
            return item

        @staticmethod
        def buy(item: str) -> str:
            return item

    def plain(self: int) -> int:
        return self

    with pytest.raises(ConfigurationError, match="sell cannot be a tool: it is a method without its object"):
        Signature(Shop.sell)
    for function in (Shop().sell, Shop.buy, plain):
        assert len(Signature(function).arguments) == 1
