"""The parameters of a function, and which of them the model fills."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from .annotations import Names
from .callables import bound_names, is_of_class, refusal
from .context import ToolContext

__all__ = ["Parameter", "Signature"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its type, Any where there was no annotation, and its default, which may be a pydantic `Field`."""

    name: str
    annotation: Any
    default: Any
    positional: bool

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.default is inspect.Parameter.empty

    @property
    def is_context(self) -> bool:
        """Whether it takes the `ToolContext`; also as ``ToolContext | None``, or annotated."""
        return _is_context(self.annotation)


def _is_context(annotation: Any) -> bool:
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return any(map(_is_context, get_args(annotation)))
    return isinstance(annotation, type) and issubclass(annotation, ToolContext)


class Signature:
    """The parameters of a function, in order. Those that a `functools.partial` has set are not among them."""

    def __init__(self, function: Callable[..., Any]) -> None:
        names, bound = Names(function), bound_names(function)
        self._parameters: list[Parameter] = []
        for name, parameter in _signature(function).parameters.items():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                raise refusal(function, f"the model has to be told each argument by its name, and {parameter} has none")
            if name not in bound:
                annotation = Any if parameter.annotation is parameter.empty else parameter.annotation
                positional = parameter.kind is parameter.POSITIONAL_ONLY
                resolved = names.resolve(name, annotation)
                self._parameters.append(Parameter(name, resolved, parameter.default, positional))
        if [parameter.name for parameter in self._parameters[:1]] == ["self"] and is_of_class(function):
            raise refusal(function, "it is a method without its object, and the model cannot give `self`")
        contexts = [parameter.name for parameter in self._parameters if parameter.is_context]
        if len(contexts) > 1:
            raise refusal(function, f"it has more than one ToolContext: {', '.join(contexts)}")

    @property
    def arguments(self) -> list[Parameter]:
        """The parameters that the model fills."""
        return [parameter for parameter in self._parameters if not parameter.is_context]

    def bind(self, given: Mapping[str, Any], context: ToolContext) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments of a call; what is not given is left to the function's own default."""
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for parameter in self._parameters:
            name = parameter.name
            if parameter.positional:
                positional.append(context if parameter.is_context else given.get(name, parameter.default))
            elif parameter.is_context or name in given:
                keywords[name] = context if parameter.is_context else given[name]
        return positional, keywords


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    try:
        if sys.version_info >= (3, 14):  # there, reading an annotation evaluates it, and may raise
            from annotationlib import Format

            return inspect.signature(function, annotation_format=Format.FORWARDREF)
        return inspect.signature(function)
    except (TypeError, ValueError) as error:
        raise refusal(function, f"its parameters are not known ({error})") from error
