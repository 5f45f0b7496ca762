"""The types that the annotations of a function mean, also where those are strings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType, SimpleNamespace
from typing import Any, get_type_hints

from .callables import refusal, routine
from .context import ToolContext

__all__ = ["Names"]


class Names:
    """What the names in the annotations of a function stand for: as in its body, then as around its definition."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        inner = routine(function)
        # Linters move an import that only annotations need under TYPE_CHECKING; with this one, no doubt what is meant.
        self._globals = {"ToolContext": ToolContext, **getattr(inner, "__globals__", {})}
        self._locals = {param.__name__: param for param in getattr(inner, "__type_params__", ())}
        self._locals |= _locals(inner) if isinstance(inner, FunctionType) and "<locals>" in inner.__qualname__ else {}

    def resolve(self, parameter: str, annotation: object) -> Any:
        """The type that is meant.

        Raises:
            ConfigurationError: It is not known at run time; the message names function, parameter and type.
        """
        holder = SimpleNamespace(__annotations__={parameter: annotation})
        try:
            return get_type_hints(holder, self._globals, self._locals, include_extras=True)[parameter]
        except NameError as error:
            why = f"{error.name} is not known at run time (is it imported only under TYPE_CHECKING?)"
        except (AttributeError, SyntaxError, TypeError) as error:
            why = str(error)
        written = annotation if isinstance(annotation, str) else getattr(annotation, "__forward_arg__", annotation)
        raise refusal(self._function, f"the type of its parameter {parameter!r}, {written}, cannot be resolved: {why}")


def _locals(function: FunctionType) -> dict[str, Any]:
    """Local names: those that the function closes over, and all there are while the function around it still runs."""
    running: Iterator[dict[str, Any]] = (
        frame.f_locals for frame in _frames() if _defines(frame.f_code, function.__code__)
    )
    around: dict[str, Any] = next(running, dict[str, Any]())
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=False))
    for name, cell in cells.items():
        try:
            around = {**around, name: cell.cell_contents}
        except ValueError:  # it is assigned only later
            continue
    return around


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _defines(code: CodeType, wanted: CodeType) -> bool:
    """Whether this code makes the wanted function: itself, or in a class in it."""
    return any(const is wanted or (isinstance(const, CodeType) and _defines(const, wanted)) for const in code.co_consts)
