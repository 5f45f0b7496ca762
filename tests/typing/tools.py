"""The types of tools: for mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_type

from pydantic import BaseModel

from assistream import ToolContext, function_tool
from assistream.tools import FunctionTool, as_tool, parsed, partial_arguments, render, response_format
from assistream.types import Run
from assistream.types.inputs import FunctionToolParam, ResponseFormatJSONSchemaParam


class Forecast(BaseModel):
    city: str


@function_tool
def bare(city: str, days: int = 3) -> Forecast:
    return Forecast(city=city)


@function_tool()
def called(city: str) -> str:
    return city


@function_tool(name="other", description=None, timeout=30, needs_approval=True, strict=None)
def options(ctx: ToolContext, city: str) -> str:
    return city


@function_tool(timeout=1.5, needs_approval=lambda city: bool(city))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] -- of any arguments
async def later(city: str) -> Forecast:
    return Forecast(city=city)


class Shop:
    @function_tool
    def sell(self, item: str) -> int:
        return len(item)

    @function_tool(timeout=3)
    async def deliver(self, item: str) -> int:
        return len(item)


def signatures(ctx: ToolContext, shop: Shop) -> None:
    assert_type(bare("x", days=2), Forecast)
    assert_type(called("x"), str)
    assert_type(options(ctx, city="x"), str)
    assert_type(shop.sell("x"), int)
    assert_type(Shop.sell(shop, "x"), int)


async def awaited(shop: Shop) -> None:
    assert_type(await later("x"), Forecast)
    assert_type(await shop.deliver("x"), int)


def attributes(ctx: ToolContext, function: Callable[..., int]) -> None:
    tool = as_tool(function)
    assert_type(tool, FunctionTool[..., Any])
    assert_type(as_tool(bare).definition, FunctionToolParam)
    assert_type(tool.parameters, dict[str, Any])
    assert_type(tool.description, str | None)
    assert_type(tool.strict, bool)
    assert_type(bare.timeout, float | None)
    assert_type(bare.prepare("{}", ctx), Callable[[], object])
    assert_type(bare.asks("{}", ctx), bool)
    assert_type(ctx.run, Run | None)
    assert_type(ctx.cancelled, bool)
    assert_type(render(3), str)
    assert_type(partial_arguments("{"), dict[str, Any])
    assert_type(response_format(Forecast), ResponseFormatJSONSchemaParam)
    assert_type(parsed("{}", Forecast), Forecast)
    assert_type(parsed("[]", list[int]), list[int])


def refused(ctx: ToolContext, shop: Shop) -> None:
    bare(3)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- a str is wanted
    bare()  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- a city is wanted
    options("x")  # type: ignore[call-arg, arg-type] # pyright: ignore[reportCallIssue, reportArgumentType] -- a context is wanted
    shop.sell(3)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- a str is wanted
    function_tool(bare, time_out=3)  # type: ignore[call-overload] # pyright: ignore[reportCallIssue] -- misspelt
    ctx.timeout = 3  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue] -- frozen
