"""What Griffe, which reads the source for the reference, cannot see there: `mkdocs.yml` names this file.

Operations are written with ``**params: Unpack[SomeTypedDict]`` and become methods with each keyword by its name, told
in the docstring. So their signatures and docstrings are taken from the running class.
"""

from __future__ import annotations

import importlib
import inspect
import re
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


_PROMPTS = re.compile(r"^( *)>>> .*(?:\n *(?:>>>|\.\.\.).*)*", re.MULTILINE)


class Reference(griffe.Extension):
    def on_function(self, *, func: griffe.Function, loader: griffe.GriffeLoader, **_: Any) -> None:
        found = _at_run_time(func)
        if found is None:
            return
        signature, told = found
        shown = _Shown(func, loader.modules_collection["assistream"]["types"])
        func.parameters = griffe.Parameters(*map(shown.parameter, signature.parameters.values()))
        func.returns = shown.linked(signature.return_annotation)
        func.overloads = None
        if func.docstring:
            func.docstring.value = told

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Methods that Python calls are not told, but for those that make something a program may make."""
        made = "__init__" if cls.path != "assistream.transport.endpoint.View" else None
        for name in [name for name in cls.members if name.startswith("__") and name != made]:
            cls.del_member(name)

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(docstring: str) -> str:
    """What follows prompts is a program; Markdown would read them as quotations."""
    return _PROMPTS.sub(lambda found: f"{found[1]}```pycon\n{found[0]}\n{found[1]}```", docstring)


class _Shown:
    """Signatures whose names lead to where they are told."""

    def __init__(self, func: griffe.Function, types: griffe.Module) -> None:
        self._home = griffe.Docstring("", parent=func)
        self._types = types

    def parameter(self, given: inspect.Parameter) -> griffe.Parameter:
        nothing = inspect.Parameter.empty
        default = None if given.default is nothing else repr(given.default)
        annotation = None if given.annotation is nothing else self.linked(given.annotation)
        return griffe.Parameter(given.name, annotation=annotation, kind=KINDS[given.kind], default=default)

    def linked(self, annotation: object) -> str | griffe.Expr:
        found = griffe.parse_docstring_annotation(str(annotation), self._home, log_level=griffe.LogLevel.debug)
        for part in found.iterate(flat=True) if isinstance(found, griffe.Expr) else ():
            # Of the API's types only those are imported that a module writes itself.
            if isinstance(part, griffe.ExprName) and part.name in self._types.members:
                part.parent = self._types
        return found


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
