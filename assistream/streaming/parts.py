"""How fragments become a whole: content blocks, tool calls, annotations and outputs, merged by their index. No I/O.

Names of fields come from the wire, so nothing here sets an attribute by name: what is not a declared field of a model
is kept among its extra data, whatever it is called.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any, Final, cast

import pydantic

from ..errors import StreamProtocolError, first_complaint
from ..types import (
    Annotation,
    BaseModel,
    CodeInterpreterOutput,
    MessageContent,
    MessageContentDelta,
    ToolCall,
    ToolCallDelta,
    Unknown,
)

__all__ = ["MAX_GAP", "Part", "Slots", "grow", "is_inert", "settle"]

MAX_GAP: Final = 1024
"""How far past the end an index may lie: a hostile one must not cost memory."""

_GROWING: Final = frozenset({"value", "arguments", "input", "logs", "refusal"})
"""The fields whose fragments are joined; in every other field what a delta says replaces what was there."""

_PLACE: Final = frozenset({"index", "type"})
"""What says where a delta belongs, and is no part of the content."""

_IDENTITY: Final = frozenset({"id", "name"})
"""What servers send with the first fragment; some repeat it empty with the others."""

_LISTS: Final[dict[str, Any]] = {"annotations": Annotation, "outputs": CodeInterpreterOutput}
"""The fields that are lists of parts with an index of their own, and what they hold."""

_DELTAS: Final[dict[Any, Any]] = {MessageContent: MessageContentDelta, ToolCall: ToolCallDelta}
"""The deltas of what can be told from its type."""


@cache
def _reader(union: Any) -> pydantic.TypeAdapter[Any]:
    return pydantic.TypeAdapter(union)


@cache
def _declared(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(model.model_fields)


def read_as(union: Any, kind: str, fields: dict[str, Any] | None = None) -> Any:
    """A member of a union of the API by its type's name: an empty one, or one with these fields.

    Raises:
        StreamProtocolError: The fields came without a type, and do not fit the one that is meant.
    """
    seed = {"id": ""} if union is ToolCall else {}
    try:
        return _reader(union).validate_python({**seed, **(fields or {}), "type": kind})
    except pydantic.ValidationError as error:
        raise StreamProtocolError(
            f"What came without a type does not fit the {kind} that it belongs to: {first_complaint(error)}"
        ) from error


def _fields(model: BaseModel) -> dict[str, Any]:
    extra = model.__pydantic_extra__
    return {**vars(model), **extra} if extra else vars(model)


def _store(model: BaseModel, name: str) -> dict[str, Any]:
    """Where a model keeps this field; a declared one counts as set from now on."""
    if name in _declared(type(model)):
        model.model_fields_set.add(name)
        return vars(model)
    if model.__pydantic_extra__ is None:
        model.__pydantic_extra__ = {}
    return model.__pydantic_extra__


def grow(model: BaseModel, name: str, more: str) -> None:
    """Append to a text that is a declared field of this model."""
    model.__pydantic_fields_set__.add(name)  # `model_fields_set` and vars() are the same, in four times the time
    store: Any = model.__dict__
    _grow(store, name, more)


def is_inert(delta: BaseModel, but: str) -> bool:
    """Whether merging this in once more would change nothing, but for one of its fields."""
    return all(
        name == but
        or value is None
        or name in _PLACE
        or (value == "" and name in _IDENTITY)
        or (value == [] and name in _LISTS)
        for name, value in _fields(delta).items()
    )


def _grow(store: dict[str, Any], name: str, more: str) -> None:
    """Append to a text.

    The string leaves its place first: CPython extends a string in place only while nobody else refers to it, and
    that is what keeps the cost of a delta from growing with the text.
    """
    text = store.pop(name, None)
    text = text if isinstance(text, str) else ""
    text += more
    store[name] = text


class Part:
    """A content block, a tool call, an annotation or an output while it is being written.

    `created` and `done` say which of its hooks have been called.
    """

    __slots__ = ("_lists", "created", "done", "model")

    def __init__(self, model: Any) -> None:
        self.model: Any = model
        self.created: bool = False
        self.done: bool = False
        self._lists: dict[str, Slots] = {}

    def add(self, delta: BaseModel) -> None:
        """Merge a delta in. Its own objects stay as they are, and none of them is shared."""
        self._merge(self.model, delta)

    def _merge(self, target: BaseModel, delta: BaseModel) -> None:
        for name, value in _fields(delta).items():
            if value is None or name in _PLACE or (value == "" and name in _IDENTITY):
                continue
            store = _store(target, name)
            if name in _GROWING and isinstance(value, str):
                _grow(store, name, value)
            elif isinstance(value, BaseModel):
                self._merge_model(store, name, value, declared=store is vars(target))
            elif name in _LISTS and store is vars(target):
                self._extend(store, name, cast("list[Any]", value))
            elif not isinstance(store.get(name), BaseModel):  # or it is what a delta of another type has by this name
                store[name] = deepcopy(value)

    def _merge_model(self, store: dict[str, Any], name: str, delta: BaseModel, *, declared: bool) -> None:
        current = store.get(name)
        if isinstance(current, BaseModel):
            self._merge(current, delta)
        elif declared:  # it was null
            store[name] = delta.model_copy(deep=True)
        else:  # not a field of this type of part: as plain data
            store[name] = delta.model_dump(exclude_unset=True)

    def _extend(self, store: dict[str, Any], name: str, deltas: list[Any]) -> None:
        slots = self._lists.get(name)
        if slots is None:
            store[name] = store.get(name) or []
            slots = self._lists[name] = Slots(_LISTS[name], store[name])
        for delta in deltas:
            slots.add(delta)


class Slots:
    """Parts by their index, and the list of the model that shows them in the order of it, gaps closed."""

    __slots__ = ("_indices", "_parts", "_shown", "_union")

    def __init__(self, union: Any, shown: list[Any]) -> None:
        self._union, self._shown = union, shown
        self._parts = {index: Part(model) for index, model in enumerate(shown)}
        self._indices = list(self._parts)  # sorted; the parts themselves come in any order

    def __iter__(self) -> Iterator[Part]:
        return (self._parts[index] for index in self._indices)

    def items(self) -> Iterator[tuple[int, Part]]:
        return ((index, self._parts[index]) for index in self._indices)

    def get(self, index: int | None) -> Part | None:
        return None if index is None else self._parts.get(index)

    def add(self, delta: Any) -> tuple[Part, Any]:
        """Merge a delta into the part with its index, or into a new one where there is none or no index.

        Returns:
            The part, and the delta: typed by its part where the server did not repeat the type.
        """
        part = self.get(delta.index)
        if part is None:
            part = self.put(delta.index, read_as(self._union, delta.type))
        elif delta.type != part.model.type:
            delta = self._reconcile(part, delta)
        part.add(delta)
        return part, delta

    def _reconcile(self, part: Part, delta: Any) -> Any:
        """One of the two may lack its type; then the other's is meant."""
        known, model = _DELTAS.get(self._union), part.model
        if isinstance(delta, Unknown) and not delta.type and known is not None:
            return read_as(known, model.type, delta.model_dump(exclude_unset=True))
        if isinstance(model, Unknown) and not model.type:
            part.model = read_as(self._union, delta.type, model.model_dump(exclude_unset=True))
            self._shown[:] = [part.model if shown is model else shown for shown in self._shown]
            part.created = part.created and self._union is ToolCall  # of a block nothing could be told before
        return delta

    def put(self, index: int | None, model: Any) -> Part:
        """Take a model in as a part, at this index or at the end."""
        end = self._indices[-1] + 1 if self._indices else 0
        index = end if index is None else index
        if not 0 <= index <= end + MAX_GAP:
            raise StreamProtocolError(
                f"A delta is for index {index}, but only {end} are known, and an index may be at most {MAX_GAP} further"
            )
        place = bisect(self._indices, index)
        self._indices.insert(place, index)
        self._shown.insert(place, model)
        part = self._parts[index] = Part(model)
        return part


def settle(before: Slots, after: Slots) -> list[Part]:
    """Carry the marks over to the parts of a final object.

    Parts are the same by id where both have one, else by place.

    Returns:
        The parts to close, in order: each as the final object has it, or as it last was where that leaves it out.
    """
    told, final = list(before.items()), list(after)
    by_id = {_id(part): part for part in final if _id(part)}
    claimed = {_id(part) for _, part in told} - {""}
    aligned = len(told) == len(final)
    taken: set[int] = set()
    parts: list[Part] = []
    for rank, (index, part) in enumerate(told):
        twin = by_id.get(_id(part))
        if twin is None or id(twin) in taken:
            twin = after.get(rank if aligned else index)
            if twin is None or id(twin) in taken or _id(twin) in claimed - {_id(part)}:
                twin = part
        if twin.model.type != part.model.type:
            twin = part
        taken.add(id(twin))
        twin.created, twin.done = part.created, part.done
        if twin is not part:
            part.created = part.done = True  # whoever still holds it has nothing more to tell
        parts.append(twin)
    return parts + [part for part in final if id(part) not in taken]


def _id(part: Part) -> str:
    model: BaseModel = part.model
    # Not getattr(): pydantic takes 2 µs to say that a block has none. Of an unknown block it may be anything.
    id = model.__dict__.get("id") or (model.__pydantic_extra__ or {}).get("id")
    return id if isinstance(id, str) else ""
