"""Bytes to a checked request body, or to the error the API answers with."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .errors import Refused
from .nesting import is_deeper

Model = TypeVar("Model", bound=BaseModel)

_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    str: "a string",
    list: "an array",
    dict: "an object",
}
# pydantic's word for what it wanted, and ours.
_WANTED = {
    "string_type": "a string",
    "int_type": "an integer",
    "int_parsing": "an integer",
    "float_type": "a decimal",
    "bool_type": "a boolean",
    "list_type": "an array",
    "dict_type": "an object",
    "model_type": "an object",
}
_DEEPEST = 100
"""Levels of a body: what is nested deeper could be read, and then be neither checked nor written again."""
# What pydantic puts at the end of a path beside the names of fields.
_NO_FIELDS = ("[key]", "string", "array", "object", "number", "boolean")
_LENGTHS = {"Dictionary": "too_many_properties", "List": "long_array"}
_BOUNDS = {"less_than_equal": ("above", "le"), "greater_than_equal": ("below", "ge")}


def parse(model: type[Model], raw: bytes) -> Model:
    """The body of a request; none at all is an empty object."""
    try:
        value: object = json.loads(raw or b"{}", parse_constant=_refuse_constant, parse_float=_finite)
        if is_deeper(value, _DEEPEST):
            raise Refused("deep_json", limit=_DEEPEST)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is valid JSON, and no text
    except (ValueError, RecursionError):
        raise Refused("bad_json") from None
    return check(model, value)


def check(model: type[Model], value: object) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise refusal(error.errors(include_url=False)[0], value) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(number: str) -> float:
    """Python reads 1e400 as infinity, which is not JSON when it is written again."""
    if not math.isfinite(value := float(number)):
        raise ValueError(f"{number} is too large")
    return value


def refusal(error: ErrorDetails, whole: object) -> Refused:
    """The first fault of a request, in the API's words; ``whole`` is the request."""
    where = _where(error["loc"], whole) + (".type" if error["type"].startswith("union_tag") else "")
    name, values = _fault(error)
    return Refused(name, param=where or None, where=where or "body", **values)


def _fault(error: ErrorDetails) -> tuple[str, dict[str, Any]]:
    """The name of a refusal and the values of its text."""
    kind, got = error["type"], error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    match kind:
        case "missing" | "union_tag_not_found":
            return "missing", {}
        case "extra_forbidden":
            return "unknown", {}
        case "literal_error" | "union_tag_invalid":
            expected = context.get("expected") or context["expected_tags"]
            value = got["type"] if "tag" in context else got
            return "value", {"expected": _enumerated(expected), "got": _spelled(value)}
        case "string_too_long" if error["loc"][-1] == "[key]":
            return "long_name", {"name": got, "limit": context["max_length"], "got": len(got)}
        case "string_too_long":
            return "long_string", {"limit": context["max_length"], "got": len(got)}
        case "too_short":
            return "empty_array", {"limit": context["min_length"]}
        case "too_long":
            return _LENGTHS[context["field_type"]], {"limit": context["max_length"], "got": len(got)}
        case "less_than_equal" | "greater_than_equal":
            name, limit = _BOUNDS[kind]
            number = "decimal" if isinstance(got, float) else "integer"
            return name, {"kind": number, "limit": _number(context[limit]), "got": got}
        case _ if expected := error["msg"] if kind == "shape" else _WANTED.get(kind):
            return "type", {"expected": expected, "got": _KINDS[type(got)]}
        case _:
            return "other", {"reason": error["msg"][:1].lower() + error["msg"][1:]}


def _enumerated(expected: str) -> str:
    """pydantic's list of values as the API writes it: 'a', 'b', and 'c'."""
    values = re.findall("'[^']*'", expected)
    if len(values) < 3:
        return " and ".join(values)
    return f"{', '.join(values[:-1])}, and {values[-1]}"


def _spelled(value: object) -> str:
    """The value as the request has it: null and not None."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number(limit: float) -> float:
    return int(limit) if limit == int(limit) else limit


def _where(location: tuple[int | str, ...], value: object) -> str:
    """The path as the API writes it, ``tools[0].function.name``: pydantic's own, without the names of union members."""
    path, was_tag = "", False
    for position, key in enumerate(location):
        last = position == len(location) - 1
        if isinstance(key, int):
            path, value = f"{path}[{key}]", cast("Any", value)[key]
            continue
        fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        was_tag = not was_tag and not last and fields.get("type") == key
        if not was_tag and (key in fields or (last and key not in _NO_FIELDS and fields is value)):
            path, value = f"{path}.{key}" if path else key, fields.get(key)
    # The path of a name that is too long ends where the name stands; the API names the object.
    return path.rpartition(".")[0] if location[-1:] == ("[key]",) else path
