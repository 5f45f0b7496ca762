"""The part of JSON Schema that function parameters and response formats use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

Schema: TypeAlias = Mapping[str, Any]
LONGEST: Final = 256
"""Characters a text is filled up to, whatever its schema wants."""


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_bound(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict)


def _is_filled_list(value: object) -> bool:
    return isinstance(value, list) and bool(cast("list[object]", value))


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, cast("list[object]", value)))


def _is_type(value: object) -> bool:
    return _is_text(value) or (_is_filled_list(value) and _is_names(value))


# Nothing checks a schema before a model has it. A keyword that does not look like this is as good as absent.
_WELL_FORMED: Final[Mapping[str, Callable[[object], bool]]] = {
    **dict.fromkeys(("$ref", "description", "format"), _is_text),
    **dict.fromkeys(("properties", "items"), _is_mapping),
    **dict.fromkeys(("anyOf", "oneOf", "allOf", "enum", "examples"), _is_filled_list),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), _is_size),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _is_bound),
    "required": _is_names,
    "type": _is_type,
}


def tidy(schema: object) -> Schema:
    """The schema without malformed keywords; what is no object, as ``true``, is a schema that wants nothing."""
    if not isinstance(schema, dict):
        return {}
    keywords = cast("dict[str, object]", schema)
    return {name: value for name, value in keywords.items() if _WELL_FORMED.get(name, _any)(value)}


def _any(value: object) -> bool:
    return True


def resolved(schema: Schema, root: Schema, merging: int = 2) -> Schema:
    """Without indirection: ``$ref`` followed, ``allOf`` merged, of alternatives the first that is not null.

    ``merging`` is how deep ``allOf`` in ``allOf`` is looked into; it may turn in circles, too.
    """
    schema = tidy(schema)
    for _ in range(10):  # references may turn in circles
        if isinstance(ref := schema.get("$ref"), str):
            schema = {**_at(root, ref), **{key: value for key, value in schema.items() if key != "$ref"}}
        elif options := schema.get("anyOf") or schema.get("oneOf"):
            rest = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
            schema = {**next((o for o in map(tidy, options) if o.get("type") != "null"), {"type": "null"}), **rest}
        elif parts := schema.get("allOf"):
            rest = {key: value for key, value in schema.items() if key != "allOf"}
            flat = [resolved(part, root, merging - 1) for part in parts] if merging else []
            schema = {**{key: value for part in flat for key, value in part.items()}, **rest}
        else:
            break
    return schema


def properties(schema: Schema) -> Mapping[str, Schema]:
    return {name: tidy(field) for name, field in tidy(schema).get("properties", {}).items()}


def kind_of(schema: Schema) -> str:
    """The type of a resolved schema; of several the first that is not null. No type at all is a string."""
    declared: Any = schema.get("type")
    if isinstance(declared, list):
        declared = next((kind for kind in cast("list[str]", declared) if kind != "null"), "null")
    return str(declared or ("object" if "properties" in schema else "array" if "items" in schema else "string"))


def is_nullable(schema: Schema) -> bool:
    """Whether null is allowed: how strict schemas, which require everything, say that something is optional."""
    options: Sequence[object] = schema.get("anyOf") or schema.get("oneOf") or ()
    declared = schema.get("type")
    listed = isinstance(declared, list) and "null" in cast("list[str]", declared)
    return listed or any(tidy(option).get("type") == "null" for option in options)


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
    return text[: schema.get("maxLength")].ljust(min(schema.get("minLength", 0), LONGEST), ".")


def fits(value: Any, schema: Schema, root: Schema) -> bool:
    """Whether a value is valid by types, choices, bounds and lengths; patterns and formats are not looked at."""
    schema = tidy(schema)
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
        found = cast("dict[str, Any]", found).get(key) if isinstance(found, dict) else None
    return tidy(found)


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
