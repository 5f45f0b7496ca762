"""Functions of the user's that the model may call."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Iterable
from typing import Any

from ...errors import ConfigurationError
from ...tools import FunctionTool, as_tool
from ..loading import load

__all__ = ["load_functions"]


def load_functions(specs: Iterable[str]) -> list[FunctionTool[..., Any]]:
    """What each ``MODULE:FUNCTION`` names; ConfigurationError if that is no tool, or two have one name."""
    tools = [_tool(spec) for spec in specs]
    for tool in tools:
        if sum(other.name == tool.name for other in tools) > 1:
            raise ConfigurationError(f"Two functions are called {tool.name}; give one another name.")
    return tools


def _tool(spec: str) -> FunctionTool[..., Any]:
    function = load(spec, "function", "MODULE:FUNCTION")
    try:
        tool = as_tool(function)
    except TypeError as error:
        raise ConfigurationError(f"{spec!r} is no function: {error}") from error
    return _awaited(tool) if tool.is_async else tool


def _awaited(tool: FunctionTool[..., Any]) -> FunctionTool[..., Any]:
    """An async function for a client that is not: each call has an event loop of its own."""

    @functools.wraps(tool._function)
    def plain(*args: Any, **kwargs: Any) -> Any:
        return asyncio.run(tool._function(*args, **kwargs))

    function: Callable[..., Any] = plain
    return as_tool(FunctionTool(function, **tool._options))
