"""The part of JSON Schema that function parameters and response formats use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

Schema: TypeAlias = Mapping[str, Any]


def resolved(schema: Schema, root: Schema) -> Schema:
    """Without indirection: ``$ref`` followed, ``allOf`` merged, of alternatives the first that is not null."""
    for _ in range(10):  # references may turn in circles
        if isinstance(ref := schema.get("$ref"), str):
            schema = {**_at(root, ref), **{key: value for key, value in schema.items() if key != "$ref"}}
        elif options := schema.get("anyOf") or schema.get("oneOf"):
            rest = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
            schema = {**next((o for o in options if o.get("type") != "null"), {"type": "null"}), **rest}
        elif parts := schema.get("allOf"):
            rest = {key: value for key, value in schema.items() if key != "allOf"}
            schema = {**{key: value for part in parts for key, value in resolved(part, root).items()}, **rest}
        else:
            break
    return schema


def properties(schema: Schema) -> Mapping[str, Schema]:
    return cast("Mapping[str, Schema]", schema.get("properties") or {})


def kind_of(schema: Schema) -> str:
    """The type of a resolved schema; of several the first that is not null. No type at all is a string."""
    declared: Any = schema.get("type")
    if isinstance(declared, list):
        declared = next((kind for kind in cast("list[str]", declared) if kind != "null"), "null")
    return str(declared or ("object" if "properties" in schema else "array" if "items" in schema else "string"))


def is_nullable(schema: Schema) -> bool:
    """Whether null is allowed: how strict schemas, which require everything, say that something is optional."""
    options: Sequence[Schema] = schema.get("anyOf") or schema.get("oneOf") or ()
    return "null" in (schema.get("type") or ()) or any(option.get("type") == "null" for option in options)


def bounded(number: float, schema: Schema) -> float:
    """The number, moved into the bounds of the schema; whole for an integer."""
    whole = kind_of(schema) == "integer"
    step = 1 if whole else 0.5
    low, high = schema.get("minimum"), schema.get("maximum")
    if (above := schema.get("exclusiveMinimum")) is not None:
        low = above + step
    if (below := schema.get("exclusiveMaximum")) is not None:
        high = below - step
    number = number if low is None else max(number, low)
    number = number if high is None else min(number, high)
    return plain(number)


def plain(number: float) -> float:
    """A whole number as an int: 3.0 is written "3"."""
    return int(number) if number == int(number) else number


def sized(text: str, schema: Schema) -> str:
    return text[: schema.get("maxLength")].ljust(schema.get("minLength", 0), ".")


def fits(value: Any, schema: Schema, root: Schema) -> bool:
    """Whether a value is valid by types, choices, bounds and lengths; patterns and formats are not looked at."""
    if value is None:
        return is_nullable(schema) or kind_of(resolved(schema, root)) == "null"
    schema = resolved(schema, root)
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    check = _CHECKS.get(kind_of(schema))
    return check is None or check(value, schema, root)


def _at(root: Schema, ref: str) -> Schema:
    found: Any = root
    for key in ref.removeprefix("#").strip("/").split("/") if ref != "#" else ():
        found = found.get(key, {})
    return cast("Schema", found)


def _is_object(value: Any, schema: Schema, root: Schema) -> bool:
    if not isinstance(value, dict):
        return False
    fields, known = cast("dict[str, object]", value), properties(schema)
    closed = schema.get("additionalProperties") is False
    return (
        all(name in fields for name in schema.get("required") or ())
        and not (closed and any(name not in known for name in fields))
        and all(fits(field, known[name], root) for name, field in fields.items() if name in known)
    )


def _is_array(value: Any, schema: Schema, root: Schema) -> bool:
    if not isinstance(value, list):
        return False
    items = cast("list[object]", value)
    few = schema.get("minItems", 0) <= len(items) <= schema.get("maxItems", len(items))
    return few and all(fits(item, schema.get("items") or {}, root) for item in items)


def _is_string(value: Any, schema: Schema, root: Schema) -> bool:
    return isinstance(value, str) and sized(value, schema) == value


def _is_number(value: Any, schema: Schema, root: Schema) -> bool:
    whole = kind_of(schema) == "integer"
    typed = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    return typed and bounded(value, schema) == value


_CHECKS: Final[Mapping[str, Callable[[Any, Schema, Schema], bool]]] = {
    "object": _is_object,
    "array": _is_array,
    "string": _is_string,
    "integer": _is_number,
    "number": _is_number,
    "boolean": lambda value, schema, root: isinstance(value, bool),
    "null": lambda value, schema, root: value is None,
}
