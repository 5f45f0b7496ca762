"""What Python knows of anything that can be called, whatever kind of callable it is."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import partial
from types import MethodType
from typing import Any, Final

from ..errors import ConfigurationError

__all__ = ["bound_names", "check", "docstring", "is_async", "is_of_class", "name_for", "refusal", "routine", "title"]

_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check(function: object) -> None:
    """Raise unless this can be a tool, as far as can be said before its parameters are looked at."""
    if not callable(function):
        raise TypeError(f"A tool is a function, and {function!r} is none")
    if inspect.isclass(function):
        raise refusal(function, "a class is no function; give a function that makes one, or an object with __call__")
    if inspect.isgeneratorfunction(routine(function)) or inspect.isasyncgenfunction(routine(function)):
        raise refusal(function, "it yields; return a list instead")


def name_for(function: Callable[..., Any], name: str | None = None) -> str:
    """The tool's name, checked: the one given, or the function's own."""
    name = title(function) if name is None else name
    if not _NAME.fullmatch(name):
        raise refusal(function, f"{name!r} is no name that the API takes (1 to 64 of a-z A-Z 0-9 _ -); pass name=...")
    return name


def title(function: object) -> str:
    """How a callable is called; an object that can be called has the name of its class."""
    inner = _without_partials(function)
    return str(getattr(inner, "__name__", type(inner).__name__))


def docstring(function: Callable[..., Any]) -> str | None:
    """The docstring of the function, or of the class of an object that can be called."""
    inner = _without_partials(function)
    if hasattr(inner, "__name__"):
        return inspect.getdoc(inner)
    said = inner.__call__.__doc__
    return inspect.cleandoc(said) if said else inspect.getdoc(inner)


def is_async(function: Callable[..., Any]) -> bool:
    """Whether calling it gives something to await."""
    inner = _without_partials(function)
    return inspect.iscoroutinefunction(inner) or inspect.iscoroutinefunction(getattr(inner, "__call__", None))  # noqa: B004 -- the method is wanted


def is_of_class(function: object) -> bool:
    """Whether the function was defined in the body of a class."""
    around = getattr(routine(function), "__qualname__", "").rpartition(".")[0]
    return bool(around) and not around.endswith("<locals>")


def routine(function: object) -> Any:
    """The function that is run in the end, without what has been bound to it or wrapped around it."""
    inner = _without_partials(function)
    if isinstance(inner, MethodType):
        inner = inner.__func__
    elif not inspect.isroutine(inner) and not hasattr(inner, "__wrapped__"):
        inner = type(inner).__call__
    return inspect.unwrap(inner)


def bound_names(function: object) -> set[str]:
    """The arguments that a `functools.partial` has set by keyword. They are not the model's: they may be secrets."""
    names: set[str] = set()
    while isinstance(function, partial):
        names |= function.keywords.keys()
        function = function.func
    return names


def _without_partials(function: object) -> Any:
    while isinstance(function, partial | staticmethod):
        function = function.func if isinstance(function, partial) else function.__func__
    return function


def refusal(function: object, why: str) -> ConfigurationError:
    """The error that says why this cannot be a tool."""
    return ConfigurationError(f"{title(function)} cannot be a tool: {why}")
