"""What a program says about the loop: which functions answer, how often, and what becomes of errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from ..errors import ConfigurationError
from ..transport.call import Call
from ..types import Run, ToolOutput
from .functions import FunctionTool, as_tool
from .structured import response_format

__all__ = ["Binding", "RunCalls", "bind", "defined"]

P = TypeVar("P")

MAX_TURNS: Final = 10

LOOP_OPTIONS: Final = ("functions", "max_turns", "errors", "parse_as")


@dataclass(frozen=True)
class RunCalls:
    """What is asked of the server about a run, with the options of the call that it began with."""

    retrieve: Callable[[Run], Call[Run]]
    cancel: Callable[[Run], Call[Run]]
    submit: Callable[[Run, list[ToolOutput]], Call[Run]]


@dataclass(frozen=True)
class Binding:
    """What a program has said of one stream."""

    functions: Mapping[str, FunctionTool[..., Any]] = field(default_factory=dict[str, FunctionTool[..., Any]])
    max_turns: int = MAX_TURNS
    raises: bool = False
    parse_as: Any = None


def bind(params: Mapping[str, Any], *, begins: bool = True) -> tuple[Binding, dict[str, Any]]:
    """Take what concerns the loop out of the parameters of a method; returns also those that are the server's.

    A run that `begins` is told which type its answer is to have.

    Raises:
        ConfigurationError: A function cannot be a tool, or two have the same name.
        TypeError: What is to be a list is none.
        ValueError: An option makes no sense.
    """
    sent = {name: value for name, value in params.items() if name not in LOOP_OPTIONS}
    functions: list[Callable[..., Any]] = _listed("functions", params)
    if sent.get("tools"):
        sent["tools"] = _listed("tools", sent)
        functions = [*filter(callable, sent["tools"]), *functions]
    parse_as = params.get("parse_as")
    if parse_as is not None and begins:
        if "response_format" in sent:
            raise ValueError("parse_as is a response_format of its own; pass one of them.")
        sent["response_format"] = response_format(parse_as)
    return Binding(_named(functions), _turns(params), _raises(params), parse_as), sent


def defined(params: P) -> P:
    """The parameters of an operation with the functions among `tools` as their definitions."""
    given = cast("Mapping[str, Any]", params)
    if not given.get("tools"):
        return params
    tools = [as_tool(tool).definition if callable(tool) else tool for tool in _listed("tools", given)]
    return cast(P, {**given, "tools": tools})


def _listed(name: str, params: Mapping[str, Any]) -> list[Any]:
    given: Any = params.get(name) or ()
    if callable(given) or isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise TypeError(f"{name} is a list: pass {name}=[...], not {given!r}.")
    return list(cast("list[Any]", given))  # or whatever can be iterated over


def _named(functions: Iterable[Callable[..., Any]]) -> dict[str, FunctionTool[..., Any]]:
    tools: dict[str, FunctionTool[..., Any]] = {}
    given: dict[str, Callable[..., Any]] = {}
    for function in functions:
        tool = as_tool(function)
        if given.setdefault(tool.name, function) != function:  # the same one may be in `tools` and in `functions`
            raise ConfigurationError(f"Two functions are called {tool.name}; give one another name.")
        tools.setdefault(tool.name, tool)
    return tools


def _turns(params: Mapping[str, Any]) -> int:
    turns = params.get("max_turns", MAX_TURNS)
    if not isinstance(turns, int) or isinstance(turns, bool) or turns < 1:
        raise ValueError(f"max_turns counts how often outputs are sent: pass 1 or more, not {turns!r}.")
    return turns


def _raises(params: Mapping[str, Any]) -> bool:
    errors = params.get("errors", "tell")
    if errors not in {"tell", "raise"}:
        raise ValueError(f"errors is 'tell' (the model) or 'raise', not {errors!r}.")
    return bool(errors == "raise")
