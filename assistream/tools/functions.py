"""A typed function is a tool."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, Concatenate, Generic, ParamSpec, TypedDict, TypeVar, Unpack, cast, overload

from ..errors import ConfigurationError, ToolArgumentsError
from ..types.inputs import FunctionDefinitionParam, FunctionToolParam
from . import docstrings
from .arguments import Arguments
from .callables import check, docstring, is_async, name_for, refusal, routine, title
from .context import ToolContext
from .schema import Schema
from .signatures import Signature
from .strict import EVERYWHERE, NEWEST, NotStrictError, strict

__all__ = ["FunctionTool", "ToolOptions", "as_tool", "function_tool"]

P = ParamSpec("P")
R = TypeVar("R")
Q = ParamSpec("Q")
S = TypeVar("S")


class ToolOptions(TypedDict, total=False):
    """What can be said of a tool besides its function."""

    name: str | None
    """What the model calls it; by default the name of the function. 1 to 64 of a-z A-Z 0-9 _ -"""

    description: str | None
    """What the model is told about it; by default the docstring, without its sections."""

    timeout: float | None
    """How many seconds a call may take; None, the default, for no limit of its own."""

    needs_approval: bool | Callable[..., bool]
    """Whether somebody has to agree to each call; a function is asked, with the arguments of the call."""

    strict: bool | None
    """Whether the server must keep the model to the schema. By default it is where every server's strict mode takes
    the schema as it is; True makes it so (null then stands for a default) or raises an error, False never does."""


class FunctionTool(Generic[P, R]):
    """A function that a model can call; a program calls it as if it were the function.

    Its types are looked at when it is bound to a run or an assistant: a type that is not known, or has no JSON schema,
    is a `ConfigurationError` then.
    """

    __name__: str
    name: str
    timeout: float | None
    needs_approval: bool | Callable[..., bool]
    is_async: bool

    def __init__(self, function: Callable[P, R], **options: Unpack[ToolOptions]) -> None:
        check(function)
        for option in options.keys() - ToolOptions.__annotations__.keys():
            raise TypeError(f"function_tool() got an unexpected keyword argument {option!r}")
        functools.update_wrapper(self, function, updated=())
        self.__name__ = title(function)
        self._function, self._options = function, options
        self.name = name_for(function, options.get("name"))
        self.timeout = options.get("timeout")
        self.needs_approval = options.get("needs_approval", False)
        self.is_async = is_async(function)
        if self.timeout is not None and not _is_time(self.timeout):
            raise refusal(function, f"its timeout is to be a number of seconds above 0, not {self.timeout!r}")
        if callable(self.needs_approval) and is_async(self.needs_approval):
            raise refusal(function, "needs_approval cannot be an async function")
        if "<locals>" in getattr(routine(function), "__qualname__", ""):
            with suppress(ConfigurationError):  # errors are for later, but local types may be known only now
                self._arguments  # noqa: B018 -- a cached property

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<FunctionTool {self.name}>"

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> FunctionTool[P, R]: ...
    @overload
    def __get__(
        self: FunctionTool[Concatenate[S, Q], R], instance: S, owner: type | None = None
    ) -> FunctionTool[Q, R]: ...
    def __get__(self, instance: object, owner: type | None = None) -> FunctionTool[..., R]:
        """A decorated method: on an object, it is a tool without `self`."""
        bind = getattr(self._function, "__get__", None)
        if instance is None or bind is None:
            return self
        return FunctionTool(bind(instance, owner), **self._options)

    @cached_property
    def _documented(self) -> tuple[str, dict[str, str]]:
        return docstrings.read(docstring(self._function))

    @cached_property
    def _signature(self) -> Signature:
        return Signature(self._function)

    @cached_property
    def _arguments(self) -> Arguments:
        return Arguments(self._function, self._signature.arguments, self._documented[1])

    @cached_property
    def _schema(self) -> tuple[Schema, bool]:
        plain, wanted = self._arguments.schema, self._options.get("strict")
        if wanted is False:
            return plain, False
        subset = NEWEST if wanted else EVERYWHERE
        try:
            return strict(plain, subset, null_leaves_out=True, rewrite=bool(wanted)), True
        except NotStrictError as error:
            if wanted:
                raise refusal(self._function, f"strict=True is not possible: {error}") from error
            return plain, False

    @property
    def description(self) -> str | None:
        """What the model is told about it."""
        given = self._options.get("description")
        return self._documented[0] or None if given is None else given

    @property
    def parameters(self) -> Schema:
        """The JSON schema of its arguments."""
        return self._schema[0]

    @property
    def strict(self) -> bool:
        """Whether the server must keep the model to the schema."""
        return self._schema[1]

    @property
    def definition(self) -> FunctionToolParam:
        """The tool as the API takes it."""
        function: FunctionDefinitionParam = {"name": self.name, "parameters": self.parameters}
        if self.description:
            function["description"] = self.description
        if self.strict:
            function["strict"] = True
        return {"type": "function", "function": function}

    def prepare(self, arguments: str, context: ToolContext) -> Callable[[], object]:
        """Make a call of the JSON text that a model wrote; no text at all means no arguments.

        Returns:
            What performs the call. Of an async function, it returns what is to be awaited.

        Raises:
            ToolArgumentsError: The arguments do not fit; the message lists what is wrong, for the model.
        """
        return self._call(arguments, context)

    def _call(self, arguments: str, context: ToolContext) -> partial[R]:
        given = self._arguments.read(self.name, arguments)
        positional, keywords = self._signature.bind(given, context)
        return partial(self._function, *positional, **keywords)

    def asks(self, arguments: str, context: ToolContext) -> bool:
        """Whether this call needs approval. One whose arguments do not fit needs none: it will not be performed."""
        if not callable(self.needs_approval):
            return self.needs_approval
        try:
            call = self._call(arguments, context)
        except ToolArgumentsError:
            return False
        return bool(self.needs_approval(*call.args, **call.keywords))


def _is_time(seconds: object) -> bool:
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds > 0


@overload
def function_tool(function: Callable[P, R], /, **options: Unpack[ToolOptions]) -> FunctionTool[P, R]: ...
@overload
def function_tool(**options: Unpack[ToolOptions]) -> Callable[[Callable[P, R]], FunctionTool[P, R]]: ...
def function_tool(function: Callable[..., Any] | None = None, /, **options: Unpack[ToolOptions]) -> Any:
    """Make a tool of a function, to set options; as a decorator, with or without parentheses.

    A plain function needs none of this: it is taken wherever a tool is.
    """
    if function is None:
        return partial(function_tool, **options)
    return FunctionTool(function, **options)


def as_tool(function: Callable[..., Any]) -> FunctionTool[..., Any]:
    """The tool that a function is; a tool stays the same one.

    Raises:
        TypeError: It cannot be called.
        ConfigurationError: It cannot be a tool; the message names it and says why.
    """
    tool = cast("FunctionTool[..., Any]", function) if isinstance(function, FunctionTool) else FunctionTool(function)
    tool.parameters  # noqa: B018 -- what cannot be a tool says so now
    return tool
