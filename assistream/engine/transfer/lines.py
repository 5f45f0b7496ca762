"""A row of a table as a line of JSON, and back.

What an object itself tells is not said twice: a line has, beside ``body``, the columns that differ from it or are not
in it, and have not their default. So a column that some table gets is in the next export, whoever made it.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, TypeAlias, cast

import sqlalchemy as sa

from ..._version import __version__
from ..lifecycle import IN_LINE, Document
from ..nesting import is_deeper
from ..projects import NAME
from ..tables import EVENTS, TABLES, to_json
from .kept import INDEXED, KEPT
from .outcome import Counts
from .shapes import fault, fault_of_event

FORMAT = 1
DEEPEST = 200
"""Levels of a line: twice what a request may have."""

_SURROGATE = re.compile("[\ud800-\udfff]")

Value: TypeAlias = str | int | bytes | None


class Broken(Exception):
    """What is wrong with a line."""


def header(counts: Counts) -> bytes:
    """The first line. With counts, an export that was cut short is noticed."""
    about = {"assistream": "export", "format": FORMAT, "version": __version__, "created_at": int(time.time())}
    return _line(about | {"counts": dict(counts)} if counts else about)


def written(table: sa.Table, row: Mapping[str, Any]) -> bytes:
    body: Document = row.get("body", {})
    told = {column.name: _default(column) for column in table.c} | body
    columns = {name: _plain(value) for name, value in row.items() if name != "body" and value != told.get(name)}
    return _line({"table": table.name} | columns | ({"body": body} if body else {}))


def _line(values: Mapping[str, Any]) -> bytes:
    return to_json(values).encode() + b"\n"


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def read_header(raw: bytes) -> Counts:
    """How many lines there are of each table, if it says so."""
    try:
        about = _parsed(raw)
    except Broken:
        about = {}
    if about.get("assistream") != "export":
        raise Broken("this is no export of an engine: its first line would say so")
    if about.get("format") != FORMAT:
        raise Broken(f"this export has format {about.get('format')!r}, and this engine reads format {FORMAT}")
    counts: object = about.get("counts", {})
    if not isinstance(counts, dict):
        raise Broken("its counts are no object")
    return cast("dict[str, int]", counts)


def read(raw: bytes) -> tuple[sa.Table, tuple[Value, ...]]:
    """The table and the values of its columns, in their order. Raises `Broken`."""
    values = _parsed(raw)
    name = values.pop("table", None)
    if not isinstance(name, str) or name not in KEPT:
        raise Broken(f"there is no table {name!r}")
    table = KEPT[name]
    if unknown := [key for key in values if key not in table.c or key in INDEXED.get(table, ())]:
        raise Broken(f"{name} have no {unknown[0]!r}")
    return table, tuple(_values(table, values))


def _parsed(raw: bytes) -> Document:
    try:
        values: object = _JSON.decode(raw.decode())
    except (ValueError, RecursionError) as error:
        raise Broken(f"this is not JSON ({error})") from None
    if not isinstance(values, dict):
        raise Broken("this is no JSON object")
    if is_deeper(cast("object", values), DEEPEST):
        raise Broken(f"it is nested in more than {DEEPEST} levels")
    return cast("Document", values)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        raise ValueError(f"{number} is too large")
    return value


_JSON = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)


def _values(table: sa.Table, values: Document) -> Iterator[Value]:
    body = _body(table, values) if "body" in table.c else {}
    if table is EVENTS and (problem := fault_of_event(values)):
        raise Broken(problem)
    for column in table.c:
        if column.name == "body":
            yield to_json(body)
            continue
        value: Any = values.get(column.name, body.get(column.name, _default(column)))
        told = body.get(column.name, value)
        if value != told and not (column.name == "status" and value == IN_LINE):
            raise Broken(f"its {column.name} is {value!r}, and its body says {told!r}")
        yield _value(column, value)


def _default(column: sa.Column[Any]) -> Any:
    """What a column has that a line does not have: an earlier release may have written it."""
    default = column.server_default
    if not isinstance(default, sa.DefaultClause):
        return None
    return int(str(default.arg)) if isinstance(column.type, sa.Integer) else str(default.arg)


def _body(table: sa.Table, values: Document) -> Document:
    body = values.get("body")
    if not isinstance(body, dict) or TABLES.get(str(cast("Document", body).get("object"))) is not table:
        raise Broken(f"its body is no object of {table.name}")
    if problem := fault(cast("Document", body)):
        raise Broken(problem)
    return cast("Document", body)


def _value(column: sa.Column[Any], value: Any) -> Value:
    if value is None and column.nullable:
        return None
    if isinstance(column.type, sa.JSON):
        return to_json(value)
    wanted = column.type.python_type
    if wanted is bytes:
        return _bytes(column.name, value)
    if isinstance(value, bool) or not isinstance(value, wanted):
        raise Broken(f"its {column.name} must be {'a number' if wanted is int else 'a text'}, not {value!r}")
    if isinstance(value, int) and not 0 <= value < 2**63:
        raise Broken(f"its {column.name} is out of range")
    if isinstance(value, str) and _SURROGATE.search(value):
        raise Broken(f"its {column.name} has half a surrogate pair")
    if column.name == "project" and not NAME.fullmatch(str(value)):
        raise Broken(f"its project cannot be called {value!r}")
    return cast("Value", value)


def _bytes(name: str, value: object) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else "-", validate=True)
    except (binascii.Error, ValueError):
        raise Broken(f"its {name} is not base64") from None
