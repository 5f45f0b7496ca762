"""Strict mode: a server that promises to keep to a schema exactly, and takes only some schemas for it.

Every object is closed and all of its properties are required. What may be left out has to be null instead, so only
what takes null can be optional. Of the other keywords a subset is taken, which has grown over time: `EVERYWHERE` is
what all servers with a strict mode take, `NEWEST` what the newest do.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Any, Final, NamedTuple

from .schema import Schema, parts, referred

__all__ = ["EVERYWHERE", "NEWEST", "NotStrictError", "Subset", "strict"]


class Subset(NamedTuple):
    """What a strict mode takes: keywords, formats of texts, and how much of everything."""

    keywords: frozenset[str]
    formats: frozenset[str]
    properties: int
    depth: int
    values: int


_CORE: Final = frozenset(
    "type properties required additionalProperties items enum anyOf $ref $defs description".split()
)
_LATER: Final = frozenset("pattern format multipleOf minimum maximum exclusiveMinimum exclusiveMaximum".split())
_FORMATS: Final = frozenset("date-time time date duration email hostname ipv4 ipv6 uuid".split())

EVERYWHERE: Final = Subset(_CORE, frozenset(), properties=100, depth=5, values=500)
NEWEST: Final = Subset(_CORE | _LATER | {"minItems", "maxItems"}, _FORMATS, properties=5000, depth=10, values=1000)

_HINTS: Final = frozenset("default examples deprecated readOnly writeOnly discriminator $comment".split())
"""What says nothing about which values are valid, and is left out."""

_TYPES: Final[dict[type, str]] = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}


class NotStrictError(Exception):
    """The schema cannot be strict; the message says why."""


def strict(schema: Schema, subset: Subset, *, null_leaves_out: bool = False, rewrite: bool = False) -> Schema:
    """The same schema for strict mode.

    Args:
        subset: What may be in it.
        null_leaves_out: Null for a property at the top means leaving it out, whether or not its type takes null.
        rewrite: Then use this for properties with any default; otherwise only for those whose default is null.

    Raises:
        NotStrictError: There is none.
    """
    made = _Maker(subset, null_leaves_out, rewrite).make(schema, ())
    schemas = list(_all(made))
    sizes = (
        ("properties", sum(len(part.get("properties", ())) for part in schemas), subset.properties),
        ("levels", _depth(made, made.get("$defs", {}), frozenset()), subset.depth),
        ("choices", sum(len(part.get("enum", ())) for part in schemas), subset.values),
    )
    for what, size, most in sizes:
        if size > most:
            raise NotStrictError(f"it has {size} {what}, and at most {most} are taken")
    return made


def _all(schema: Schema) -> Iterator[Schema]:
    yield schema
    for part in parts(schema):
        yield from _all(part)


def _depth(schema: Schema, definitions: dict[str, Schema], inside: frozenset[str]) -> int:
    """How many objects and arrays are in one another; one that contains itself counts once."""
    name = referred(schema)
    if name:
        return 0 if name in inside else _depth(definitions[name], definitions, inside | {name})
    held = parts({key: value for key, value in schema.items() if key != "$defs"})
    below = max((_depth(part, definitions, inside) for part in held), default=0)
    return below + (schema.get("type") in ("object", "array"))


class _Maker:
    def __init__(self, subset: Subset, null_leaves_out: bool, rewrite: bool) -> None:
        self._subset, self._null_leaves_out, self._rewrite = subset, null_leaves_out, rewrite

    def make(self, schema: Schema, place: tuple[str, ...]) -> Schema:
        schema = _plain(schema)
        self._check(schema, place)
        made = dict(schema)
        if schema.get("type") == "object":
            made |= self._object(schema, place)
        if "items" in schema:
            made["items"] = self.make(schema["items"], (*place, "[]"))
        if "anyOf" in schema:
            made["anyOf"] = [self.make(part, place) for part in schema["anyOf"]]
        if "$defs" in schema:
            made["$defs"] = {name: self.make(part, (name,)) for name, part in schema["$defs"].items()}
        return made

    def _check(self, schema: Schema, place: tuple[str, ...]) -> None:
        unknown = schema.keys() - self._subset.keywords
        if unknown:
            _refuse(place, f"{', '.join(sorted(unknown))} is not taken")
        if schema.get("format") not in (None, *self._subset.formats):
            _refuse(place, f"the format {schema['format']} is not taken")
        if not schema.keys() & {"type", "anyOf", "$ref"} or (schema.get("type") == "array" and not schema.get("items")):
            _refuse(place, "it can be anything")

    def _object(self, schema: Schema, place: tuple[str, ...]) -> Schema:
        if schema.get("additionalProperties", False) is not False:
            _refuse(place, "it can have any property")
        required = schema.get("required", ())
        properties = {
            name: self._property(part, (*place, name), name in required)
            for name, part in schema.get("properties", {}).items()
        }
        return {"properties": properties, "required": list(properties), "additionalProperties": False}

    def _property(self, schema: Schema, place: tuple[str, ...], required: bool) -> Schema:
        made = self.make(schema, place)
        if required:
            return made
        top = self._null_leaves_out and len(place) == 1
        null_is_default = "default" in schema and schema["default"] is None
        if not (top and self._rewrite) and not (null_is_default and (top or _takes_null(made))):
            _refuse(place, "it has a default")
        return made if _takes_null(made) else _or_null(made)


def _refuse(place: tuple[str, ...], why: str) -> None:
    raise NotStrictError(f"{'.'.join(place) or 'its schema'}: {why}")


def _plain(schema: Schema) -> Schema:
    """In the words of the subset: without hints, `oneOf` as `anyOf`, `const` as `enum`, choices with their type."""
    plain = {key: value for key, value in schema.items() if key not in _HINTS}
    if "oneOf" in plain:
        plain["anyOf"] = plain.pop("oneOf")
    if "const" in plain:
        plain["enum"] = [plain.pop("const")]
    if "enum" in plain and "type" not in plain:
        values: list[object] = plain["enum"]
        kinds = list(dict.fromkeys(_TYPES.get(type(value), "object") for value in values))
        plain["type"] = kinds if len(kinds) > 1 else kinds[0]
    return plain


def _takes_null(schema: Schema) -> bool:
    kind: Any = schema.get("type")
    return (
        kind == "null" or (isinstance(kind, list) and "null" in kind) or any(map(_takes_null, schema.get("anyOf", ())))
    )


def _or_null(schema: Schema) -> Schema:
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    said = {key: schema[key] for key in ("description",) if key in schema}
    value = {key: value for key, value in schema.items() if key not in said}
    return {**said, "anyOf": [value, {"type": "null"}]}
