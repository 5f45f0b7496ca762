"""Fragments of tool calls, as servers send them, to the deltas of calls. No I/O.

By the format a fragment names its call by ``index``, and the first one of a call carries its id and name. Servers
leave the index out, or make it 0 for all; repeat id and name with every fragment, or change the id; send whole calls
at once, with arguments that are objects; and give no ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ...ids import new_id
from ..base import ToolCallDelta
from .failures import Failure


@dataclass(slots=True)
class _Call:
    position: int
    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list[str])

    @property
    def is_whole(self) -> bool:
        """Whether nothing can be missing, so that what comes next belongs to another call."""
        return not self.pieces or (self.pieces[-1].rstrip().endswith("}") and _is_json("".join(self.pieces)))


@dataclass(frozen=True, slots=True)
class _Fragment:
    index: int | None
    id: str
    name: str
    arguments: str


class Calls:
    """The calls of one answer."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}

    def __bool__(self) -> bool:
        return bool(self._calls)

    def take(self, fragments: Sequence[object]) -> Iterator[ToolCallDelta]:
        """What one chunk brings."""
        touched: list[_Call] = []
        for position, raw in enumerate(fragments):
            fragment = _read(raw)
            call = self._find(fragment, touched, position, alone=len(fragments) == 1)
            touched.append(call)
            yield from _grow(call, fragment)

    def end(self) -> Iterator[ToolCallDelta]:
        """Arguments for calls without any: programs read them as JSON."""
        for call in self._calls:
            if not call.name:
                raise Failure("The model made a call without a function's name.")
            if not call.pieces:
                yield ToolCallDelta(call.position, arguments="{}")

    def _find(self, fragment: _Fragment, touched: list[_Call], position: int, *, alone: bool) -> _Call:
        if fragment.index is not None:
            known = self._by_index.get(fragment.index)
            return self._open(fragment.index) if known is None or _is_another(known, fragment) else known
        if fragment.id and (same := next((call for call in self._calls if call.id == fragment.id), None)):
            return same
        if not self._calls:
            return self._open()
        if fragment.name:
            last = self._calls[-1]
            return self._open() if last in touched or _is_another(last, fragment) else last
        return self._calls[-1] if alone or position >= len(self._calls) else self._calls[position]

    def _open(self, index: int | None = None) -> _Call:
        call = _Call(len(self._calls))
        self._calls.append(call)
        if index is not None:
            self._by_index[index] = call
        return call


def _is_another(call: _Call, fragment: _Fragment) -> bool:
    """Whether the fragment begins a call of its own, although nothing but its content says so."""
    if not (fragment.name and call.name) or fragment.id == call.id:
        return False
    if fragment.name == call.name and not (call.pieces and (fragment.id or fragment.arguments)):
        return False
    return call.is_whole


def _grow(call: _Call, fragment: _Fragment) -> Iterator[ToolCallDelta]:
    if fragment.arguments:
        call.pieces.append(fragment.arguments)
    if call.name:
        if fragment.arguments:
            yield ToolCallDelta(call.position, arguments=fragment.arguments)
        return
    call.id = call.id or fragment.id
    call.name = fragment.name
    if call.name:
        call.id = call.id or new_id("call")
        yield ToolCallDelta(call.position, call.id, call.name, "".join(call.pieces))


def _read(raw: object) -> _Fragment:
    fields = _object(raw)
    function = _object(fields.get("function")) or fields
    return _Fragment(
        _index(fields.get("index")),
        _text(fields.get("id")),
        _text(function.get("name")),
        _arguments(function.get("arguments")),
    )


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _index(value: object) -> int | None:
    try:
        return int(cast("Any", value))
    except (TypeError, ValueError, OverflowError):
        return None


def _arguments(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
