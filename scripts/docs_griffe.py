"""What Griffe, which reads the source for the reference, cannot see there: `mkdocs.yml` names this file.

Operations are written with ``**params: Unpack[SomeTypedDict]`` and become methods with each keyword by its name, told
in the docstring. So their signatures and docstrings are taken from the running class.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import griffe

from assistream.transport.endpoint import _Operation

READ = ("assistream.client.", "assistream.resources.")
"""Where operations are. What else there is needs more to be imported."""

KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: griffe.ParameterKind.positional_only,
    inspect.Parameter.POSITIONAL_OR_KEYWORD: griffe.ParameterKind.positional_or_keyword,
    inspect.Parameter.VAR_POSITIONAL: griffe.ParameterKind.var_positional,
    inspect.Parameter.KEYWORD_ONLY: griffe.ParameterKind.keyword_only,
    inspect.Parameter.VAR_KEYWORD: griffe.ParameterKind.var_keyword,
}


class Operations(griffe.Extension):
    def on_function(self, *, func: griffe.Function, **_: Any) -> None:
        found = _at_run_time(func)
        if found is None:
            return
        signature, told = found
        func.parameters = griffe.Parameters(*(_parameter(each, func) for each in signature.parameters.values()))
        func.returns = _linked(signature.return_annotation, func)
        func.overloads = None
        if func.docstring:
            func.docstring.value = told


def _parameter(given: inspect.Parameter, func: griffe.Function) -> griffe.Parameter:
    nothing = inspect.Parameter.empty
    default = None if given.default is nothing else repr(given.default)
    annotation = None if given.annotation is nothing else _linked(given.annotation, func)
    return griffe.Parameter(given.name, annotation=annotation, kind=KINDS[given.kind], default=default)


def _linked(annotation: object, func: griffe.Function) -> str | griffe.Expr:
    """An annotation whose names lead to where they are told."""
    home = griffe.Docstring("", parent=func)
    return griffe.parse_docstring_annotation(str(annotation), home, log_level=griffe.LogLevel.debug)


def _at_run_time(func: griffe.Function) -> tuple[inspect.Signature, str] | None:
    """The signature and the docstring of a method whose class shows others than its source."""
    if not func.decorators or not func.path.startswith(READ) or func.parent is None or not func.parent.is_class:
        return None
    owner = getattr(importlib.import_module(func.module.path), func.parent.name)
    found: Any = inspect.getattr_static(owner, func.name)
    found = getattr(found, "__func__", found)  # of a class method
    if isinstance(found, _Operation):
        shown = found.keywords.signature
        this = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        whole = shown.replace(parameters=[this, *shown.parameters.values()])
        return whole, found.keywords.documented(found.__doc__)
    return (found.__signature__, found.__doc__) if "__signature__" in vars(found) else None
