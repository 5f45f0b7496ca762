"""What a method that takes `**params: Unpack[SomeTypedDict]` really takes: for people, and for its errors."""

from __future__ import annotations

import builtins
import difflib
import functools
import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from types import FunctionType
from typing import Any, ForwardRef, ParamSpec, Required, TypeVar, Union, cast, get_args, get_origin

from ..types.base import NOT_GIVEN, NotGiven, Omit
from .call import OPTIONS, absent

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

_INNER = re.compile(r"^(?:Call|Flow)\[(.*)\]$")
"""What an operation is written to return, and what its callers get."""

_OMITTABLE = re.compile(r"^Omittable\[(.*)\]$")
"""A hint that says that the parameter may be left out."""


@dataclass(frozen=True)
class Keywords:
    """The keywords that a function takes."""

    signature: Signature
    """As if each had been written out."""
    required: frozenset[str]
    """Those of the TypedDict that may not be left out; Python itself looks after the others."""

    def check(self, name: str, given: Mapping[str, object]) -> None:
        """A TypeError, as Python's own would be, for a keyword that is unknown or one that is missing."""
        for keyword in given:
            if keyword not in self.signature.parameters:
                raise TypeError(f"{name}() got an unexpected keyword argument {keyword!r}{self._near(keyword)}")
        missing = sorted(self.required - given.keys())
        if missing:
            names = " and ".join(map(repr, missing))
            raise TypeError(f"{name}() missing required keyword argument{'s' * (len(missing) > 1)}: {names}")

    def _near(self, keyword: str) -> str:
        near = difflib.get_close_matches(keyword, self.signature.parameters, n=1)
        return f". Did you mean {near[0]!r}?" if near else ""


def keywords(function: Callable[..., object]) -> Keywords:
    """Read them from `function`, which is written as a method: its first parameter is not one of them."""
    params = _unpacked(function)
    signature = inspect.signature(function)
    _, *parameters = signature.parameters.values()
    written = [_written(parameter) for parameter in parameters if parameter.kind is not Parameter.VAR_KEYWORD]
    required: frozenset[str] = params.__required_keys__ if params else frozenset()
    expanded = [*written, *(_parameters(params) if params else ())]
    returns = _INNER.sub(r"\1", str(signature.return_annotation))
    return Keywords(signature.replace(parameters=expanded, return_annotation=returns), required)


def _written(parameter: Parameter) -> Parameter:
    """With a simple type as itself, as it is where a TypedDict says it."""
    return parameter.replace(annotation=vars(builtins).get(str(parameter.annotation), parameter.annotation))


def _unpacked(function: Callable[..., object]) -> Any:
    """The TypedDict of what the function takes as ``**params``, or None."""
    code = function.__code__
    if not code.co_flags & inspect.CO_VARKEYWORDS:
        return None
    name = code.co_varnames[code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS)]
    return get_args(eval(function.__annotations__[name], function.__globals__))[0]


def _parameters(params: Any) -> Iterator[Parameter]:
    """Required ones first, then those of the operation, then the options of every call."""
    own = {name: hint for name, hint in params.__annotations__.items() if name not in OPTIONS}
    hints = own | {name: params.__annotations__[name] for name in OPTIONS if name in params.__annotations__}
    for name in sorted(hints, key=lambda name: name not in params.__required_keys__):
        default = Parameter.empty if name in params.__required_keys__ else NOT_GIVEN
        yield Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=_shown(hints[name]))


def _shown(hint: Any) -> Any:
    """A hint as a person wants to see it: that anything may be left out goes without saying."""
    if isinstance(hint, ForwardRef):
        return _OMITTABLE.sub(r"\1", hint.__forward_arg__)
    members = get_args(hint)
    if get_origin(hint) is Required:
        return members[0]
    if get_origin(hint) is Union and Omit in members:
        given = tuple(member for member in members if member not in (NotGiven, Omit))
        return _shown(Union[given])  # noqa: UP007 -- a tuple
    return hint


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """For a method written by hand: unknown and missing keywords are told, and its signature is whole.

    A keyword that is given as `NOT_GIVEN` or `omit` is left out.
    """
    known = keywords(function)

    def method(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in [name for name, value in kwargs.items() if absent(value)]:
            del kwargs[name]
        known.check(function.__name__, kwargs)
        return function(*args, **kwargs)

    async def coroutine_method(*args: P.args, **kwargs: P.kwargs) -> Any:
        return await cast("Awaitable[Any]", method(*args, **kwargs))

    result: Any = functools.wraps(function)(coroutine_method if inspect.iscoroutinefunction(function) else method)
    this = Parameter("self", Parameter.POSITIONAL_ONLY)
    result.__signature__ = known.signature.replace(parameters=[this, *known.signature.parameters.values()])
    return cast("Callable[P, R]", result)


def renamed(method: F, name: str) -> F:
    """A `checked` method once more under another name, by which its errors and its help call it."""
    written: FunctionType = cast("Any", method).__wrapped__
    other = FunctionType(written.__code__, written.__globals__, name, written.__defaults__, written.__closure__)
    other.__kwdefaults__, other.__annotations__ = written.__kwdefaults__, written.__annotations__
    other.__module__, other.__doc__ = written.__module__, written.__doc__
    other.__qualname__ = written.__qualname__.removesuffix(written.__name__) + name
    return cast("F", checked(other))
