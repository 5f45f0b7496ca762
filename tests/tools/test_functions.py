from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field

import assistream
from assistream.engine.schemas import Tool
from assistream.errors import ConfigurationError, ToolArgumentsError
from assistream.tools import FunctionTool, ToolContext, as_tool, function_tool
from tests.shared import require_shared

from .examples import CONTEXT, STRICT, TYPES, Place, fits, taking

if TYPE_CHECKING:
    from fractions import Fraction


def get_weather(city: str, unit: Literal["c", "f"] = "c") -> str:
    """Today's forecast.

    Args:
        city: City and country, e.g. "Oslo, Norway".
    """
    return f"{city}: 21.5 {unit}"


@function_tool(timeout=30, needs_approval=True)
def refund(ctx: ToolContext, order: str, cents: Annotated[int, Field(gt=0, le=50_000)]) -> str:
    """Refund an order."""
    ctx.progress("calling the bank")
    return f"{ctx.run_id} {order} {cents}"


def call(function: Callable[..., Any], arguments: str) -> Any:
    return as_tool(function).prepare(arguments, CONTEXT)()


def parameters(function: Callable[..., Any], **options: Any) -> dict[str, Any]:
    return function_tool(function, **options).parameters


def test_a_typed_function_is_a_tool() -> None:
    assert as_tool(get_weather).definition == {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Today's forecast.",
            "parameters": {
                "type": "object",
                "additionalProperties": False,
                "required": ["city"],
                "properties": {
                    "city": {"type": "string", "description": 'City and country, e.g. "Oslo, Norway".'},
                    "unit": {"type": "string", "enum": ["c", "f"], "default": "c"},
                },
            },
        },
    }
    assert call(get_weather, '{"city": "Oslo"}') == "Oslo: 21.5 c"


def test_options_and_defaults() -> None:
    assert (refund.name, refund.timeout, refund.needs_approval, refund.is_async) == ("refund", 30, True, False)
    plain = as_tool(get_weather)
    assert (plain.timeout, plain.needs_approval, plain.strict) == (None, False, False)
    named = function_tool(get_weather, name="forecast", description="The weather.")
    assert (named.name, named.description) == ("forecast", "The weather.")
    assert function_tool(get_weather, description="").definition["function"].keys() == {"name", "parameters"}


def test_a_tool_is_called_as_its_function() -> None:
    assert refund(CONTEXT, "A1", cents=1) == "run_1 A1 1"
    assert call(refund, '{"order": "A1", "cents": "5"}') == "run_1 A1 5"
    assert (refund.__name__, refund.__doc__) == ("refund", "Refund an order.")
    assert list(inspect.signature(refund).parameters) == ["ctx", "order", "cents"]
    assert repr(refund) == "<FunctionTool refund>"


def test_a_tool_stays_the_same_one() -> None:
    assert as_tool(refund) is refund
    assert isinstance(as_tool(get_weather), FunctionTool)


def test_with_and_without_parentheses() -> None:
    @function_tool
    def one() -> int:
        return 1

    @function_tool()
    def two() -> int:
        return 2

    assert (call(one, ""), call(two, "{}")) == (1, 2)
    assert one.parameters == {
        "type": "object",
        "properties": {},
        "required": [],
        "additionalProperties": False,
    }


def test_an_async_function() -> None:
    @function_tool
    async def later(x: int) -> int:
        return x

    assert later.is_async
    coroutine = call(later, '{"x": 1}')
    with pytest.raises(StopIteration, match="1"):
        coroutine.send(None)


def test_methods_objects_and_partials() -> None:
    class Shop:
        """A shop."""

        def __init__(self, name: str) -> None:
            self.name = name

        @function_tool(timeout=5)
        def sell(self, item: str) -> str:
            """Sell it."""
            return f"{self.name} sells {item}"

        def buy(self, item: str) -> str:
            return f"{self.name} buys {item}"

        def __call__(self, item: str) -> str:
            return f"{self.name} shows {item}"

        @staticmethod
        @function_tool
        async def rent(item: str) -> str:
            return f"rented: {item}"

    shop = Shop("Mill")
    tools: list[tuple[Callable[..., str], str, str]] = [
        (shop.sell, "sell", "Mill sells x"),
        (shop.buy, "buy", "Mill buys x"),
        (shop, "Shop", "Mill shows x"),
        (partial(Shop.buy, shop), "buy", "Mill buys x"),
    ]
    for function, name, said in tools:
        tool = as_tool(function)
        assert tool.name == name
        assert list(tool.parameters["properties"]) == ["item"]
        assert call(tool, '{"item": "x"}') == said
    assert shop.sell.timeout == 5
    static: Any = shop  # pyright takes what a staticmethod holds for a method
    assert static.rent.is_async
    with pytest.raises(StopIteration, match="rented: x"):
        call(static.rent, '{"item": "x"}').send(None)
    assert shop.sell("y") == Shop.sell(shop, "y") == "Mill sells y"


def test_a_secret_in_a_partial_stays_one() -> None:
    def fetch(path: str, key: str) -> str:
        return f"{path} {key}"

    tool = as_tool(partial(fetch, key="secret"))
    assert "secret" not in json.dumps(tool.definition)
    assert call(tool, '{"path": "/"}') == "/ secret"
    with pytest.raises(ToolArgumentsError, match="key: there is no such argument: only path"):
        call(tool, '{"path": "/", "key": "mine"}')


@pytest.mark.parametrize("name", TYPES)
def test_definitions_are_what_the_api_takes(name: str) -> None:
    schemas = json.loads(require_shared("openapi/v2.server.json").read_bytes())["components"]
    published = {"$ref": "#/components/schemas/FunctionObject", "components": schemas}
    for strict in (None, False):
        definition = function_tool(taking(TYPES[name]), strict=strict).definition
        assert fits(published, definition["function"])
        Draft202012Validator.check_schema(dict(definition["function"].get("parameters", {})))
        json.dumps(definition)


@pytest.mark.parametrize("name", sorted(TYPES.keys() - {"decimal"}))
def test_strict_where_it_can_be(name: str) -> None:
    tool = as_tool(taking(TYPES[name]))
    assert tool.strict is (name in STRICT)
    assert tool.definition["function"].get("strict", False) is tool.strict
    assert not function_tool(taking(TYPES[name]), strict=False).strict


def test_strict_on_demand() -> None:
    tool = function_tool(get_weather, strict=True)
    assert tool.strict
    assert tool.parameters["required"] == ["city", "unit"]
    assert tool.prepare('{"city": "Oslo", "unit": null}', CONTEXT)() == "Oslo: 21.5 c"
    assert function_tool(refund, strict=True).strict
    with pytest.raises(ConfigurationError, match=r"^take cannot be a tool: strict=True is not possible: x: it can be"):
        parameters(taking(Any), strict=True)


def test_approval_may_depend_on_the_arguments() -> None:
    def is_much(ctx: ToolContext, cents: int, memo: str = "") -> bool:
        return cents > 100

    @function_tool(needs_approval=is_much)
    def pay(ctx: ToolContext, cents: int, memo: str = "") -> None: ...

    assert pay.asks('{"cents": 101}', CONTEXT)
    assert not pay.asks('{"cents": 100, "memo": "x"}', CONTEXT)
    assert not pay.asks('{"cents": "many"}', CONTEXT)
    assert refund.asks("not read", CONTEXT)
    assert not as_tool(get_weather).asks("{}", CONTEXT)


def test_what_cannot_work_is_refused_at_once() -> None:
    async def later() -> bool:
        return True

    asks: Any = later
    misspelt: Any = {"time_out": 3}
    with pytest.raises(ConfigurationError, match="needs_approval cannot be an async function"):
        function_tool(get_weather, needs_approval=asks)
    wrong: Any
    for wrong in (0, -1.5, "3", True, float("nan")):
        with pytest.raises(ConfigurationError, match=f"a number of seconds above 0, not {wrong!r}"):
            function_tool(get_weather, timeout=wrong)
    with pytest.raises(ConfigurationError, match="pass name="):
        function_tool(lambda: 1)
    with pytest.raises(TypeError, match="unexpected keyword argument 'time_out'"):
        function_tool(get_weather, **misspelt)
    with pytest.raises(TypeError, match="A tool is a function, and 'x' is none"):
        function_tool("x")  # type: ignore[call-overload] # pyright: ignore[reportArgumentType, reportCallIssue] -- a str


def test_types_are_looked_at_when_it_is_bound() -> None:
    @function_tool
    def halve(x: Fraction) -> None: ...

    with pytest.raises(ConfigurationError, match="its parameter 'x', Fraction, cannot be resolved: Fraction is not"):
        as_tool(halve)


def factory() -> FunctionTool[..., Any]:
    class Order(BaseModel):
        item: str
        price: Decimal

    @function_tool
    def buy(order: Order) -> str:
        return f"{type(order).__name__} {order.price}"

    return buy


def test_local_types_are_remembered() -> None:
    assert call(factory(), '{"order": {"item": "x", "price": 1.10}}') == "Order 1.1"


def test_definitions_pass_the_engine() -> None:
    from pydantic import TypeAdapter

    for tool in (as_tool(get_weather), refund, as_tool(taking(Place))):
        TypeAdapter[Any](Tool).validate_python(tool.definition)


def test_the_package_offers_it() -> None:
    assert assistream.function_tool is function_tool
    assert assistream.ToolContext is ToolContext
