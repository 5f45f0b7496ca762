"""What a method that takes `**params: Unpack[SomeTypedDict]` really takes: for people, and for its errors."""

from __future__ import annotations

import difflib
import functools
import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from types import FunctionType, NoneType, UnionType
from typing import Any, ForwardRef, ParamSpec, Required, TypeVar, Union, cast, get_args, get_origin

from ..types.base import NOT_GIVEN, NotGiven, Omit
from ..types.params import RequestOptions
from .call import OPTIONS, absent
from .written import attributes

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

_WRAPPED = re.compile(r"""^(?:Call|Flow|Omittable|Required)\[(.*)\]$""")
"""What says nothing to callers: how an operation is written to return, and that a parameter may be left out."""

_MODULE = re.compile(r"\b(?:[a-z_]\w*\.)+(?=[A-Z])")

WORDS = {
    "allow_truncated": "Whether a stream may just end before its run has; otherwise that is a `StreamTruncatedError`.",
    "event_handler": "What has the hooks that are called, or several of them; the ``with`` gives the first.",
    "on_poll": "Called with the object each time the server was asked.",
    "poll_interval_ms": "The wait between two questions; without it the server sets the pace, or it is a second.",
    "stream": "True for the events as they happen, as a bare stream.",
}
"""Keywords that methods have of their own, where they do not tell about them themselves."""


class Hint(str):
    """An annotation as text, which is shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Keywords:
    """The keywords that a function takes."""

    signature: Signature
    """As if each had been written out; those that begin with an underscore are not for showing."""
    known: frozenset[str]
    required: frozenset[str]
    """Those of the TypedDict that may not be left out; Python itself looks after the others."""
    told: Mapping[str, str]
    """What there is to say about them."""

    def check(self, name: str, given: Mapping[str, object]) -> None:
        """A TypeError, as Python's own would be, for a keyword that is unknown or one that is missing."""
        for keyword in given:
            if keyword not in self.known:
                raise TypeError(f"{name}() got an unexpected keyword argument {keyword!r}{self._near(keyword)}")
        missing = sorted(self.required - given.keys())
        if missing:
            names = " and ".join(map(repr, missing))
            raise TypeError(f"{name}() missing required keyword argument{'s' * (len(missing) > 1)}: {names}")

    def _near(self, keyword: str) -> str:
        near = difflib.get_close_matches(keyword, self.signature.parameters, n=1)
        return f". Did you mean {near[0]!r}?" if near else ""

    def documented(self, doc: str | None) -> str:
        """A docstring whose ``Args:`` has the keywords that it does not tell about itself."""
        text, raises, errors = inspect.cleandoc(doc or "").partition("\n\nRaises:\n")
        about, _, told = text.partition("\n\nArgs:\n")
        names = re.findall(r"^ {4}(\w+):", told, re.MULTILINE)
        more = [f"    {name}: {says}" for name, says in self.told.items() if name not in names]
        arguments = "\n".join([*filter(None, [told]), *more])
        return about + (f"\n\nArgs:\n{arguments}" if arguments else "") + raises + errors


def keywords(function: Callable[..., object]) -> Keywords:
    """Read them from `function`, which is written as a method: its first parameter is not one of them."""
    params = _unpacked(function)
    signature = inspect.signature(function)
    _, *own = [each for each in signature.parameters.values() if each.kind is not Parameter.VAR_KEYWORD]
    parameters = [*(_written(each, function) for each in own), *(_parameters(params) if params else ())]
    shown = sorted((each for each in parameters if each.name[0] != "_"), key=_order(params))
    returns = _readable(str(signature.return_annotation), function)
    return Keywords(
        signature.replace(parameters=shown, return_annotation=Hint(returns)),
        known=frozenset(each.name for each in parameters),
        required=params.__required_keys__ if params else frozenset(),
        told=dict(_told([each.name for each in shown], params)),
    )


def _written(parameter: Parameter, function: Callable[..., object]) -> Parameter:
    return parameter.replace(annotation=Hint(_readable(str(parameter.annotation), function)))


def _readable(annotation: str, function: Any) -> str:
    """An annotation that stands in our source, without what says nothing and with private aliases as what they mean."""
    annotation = _WRAPPED.sub(r"\1", annotation)
    meant = function.__globals__.get(annotation)
    if meant is not None and not isinstance(meant, type):
        annotation = _spelled(_shown(meant))
    return annotation.replace("[Any]", "")


def _unpacked(function: Callable[..., object]) -> Any:
    """The TypedDict of what the function takes as ``**params``, or None."""
    code = function.__code__
    if not code.co_flags & inspect.CO_VARKEYWORDS:
        return None
    name = code.co_varnames[code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS)]
    return get_args(eval(function.__annotations__[name], function.__globals__))[0]


def _parameters(params: Any) -> Iterator[Parameter]:
    written = attributes(params)
    for name, hint in params.__annotations__.items():
        default = Parameter.empty if name in params.__required_keys__ else NOT_GIVEN
        text = _WRAPPED.sub(r"\1", written[name].hint).strip('"') if name in written else ""
        yield Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=Hint(text) if text else _shown(hint))


def _order(params: Any) -> Callable[[Parameter], tuple[int, str]]:
    """How parameters follow each other in the reference client: the API's, required ones first, by the alphabet; then
    those that belong to the method, then the options of every call."""
    of_api: Mapping[str, object] = params.__annotations__ if params else {}
    by_alphabet = OPTIONS[0] in of_api

    def place(each: Parameter) -> tuple[int, str]:
        if each.kind is not Parameter.KEYWORD_ONLY:
            return 0, ""
        name = each.name if by_alphabet else ""
        if name == "include" and "limit" not in of_api:
            name = ""  # it goes into the query, which comes before what goes into the body
        if by_alphabet and each.name in OPTIONS:
            return 5, ""
        if each.name in of_api or each.name == "stream":
            return (3 if each.default is not Parameter.empty else 2), name
        return (4 if each.default is not Parameter.empty else 1), ""

    return place


def _told(names: list[str], params: Any) -> Iterator[tuple[str, str]]:
    written = {**attributes(RequestOptions), **(attributes(params) if params else {})}
    for name in names:
        if name in written and written[name].doc:
            yield name, written[name].doc
        elif name in WORDS:
            yield name, WORDS[name]
        elif name.endswith("_id"):
            yield name, f"The id of the {name.removesuffix('_id').replace('_', ' ')}."


def _shown(hint: Any) -> Any:
    """A hint as a person wants to see it: that anything may be left out goes without saying."""
    if isinstance(hint, ForwardRef):
        return _WRAPPED.sub(r"\1", hint.__forward_arg__)
    members = get_args(hint)
    if get_origin(hint) is Required:
        return members[0]
    if get_origin(hint) is Union and Omit in members:
        given = tuple(member for member in members if member not in (NotGiven, Omit))
        return _shown(Union[given])  # noqa: UP007 -- a tuple
    return hint


def _spelled(hint: Any) -> str:
    if get_origin(hint) in (Union, UnionType):
        return " | ".join(map(_spelled, get_args(hint)))
    if isinstance(hint, type) and not get_args(hint):
        return "None" if hint is NoneType else hint.__name__
    return _MODULE.sub("", str(hint))


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """For a method written by hand: unknown and missing keywords are told, and its signature is whole.

    A keyword that is given as `NOT_GIVEN` or `omit` is left out.
    """
    known = keywords(function)
    function.__qualname__ = function.__qualname__.removeprefix("_")  # Python's own errors name it so

    def method(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in [name for name, value in kwargs.items() if absent(value)]:
            del kwargs[name]
        known.check(function.__name__, kwargs)
        return function(*args, **kwargs)

    async def coroutine_method(*args: P.args, **kwargs: P.kwargs) -> Any:
        return await cast("Awaitable[Any]", method(*args, **kwargs))

    result: Any = functools.wraps(function)(coroutine_method if inspect.iscoroutinefunction(function) else method)
    this = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    result.__doc__ = known.documented(function.__doc__)
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
