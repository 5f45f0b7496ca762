"""What stands in the source of a class below its attributes: the hint as it was written, and the docstring.

At run time hints are long unions and docstrings of attributes are gone. People who look at a method want both.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

_STATEMENT = re.compile(
    r"""^class[ ](?P<cls>\w+)(?:\((?P<bases>[^)]*)\))?:  # a class,
      | ^[ ]{4}(?P<name>\w+):[ ](?P<hint>[^\n]*)         # an attribute of it,
      | ^[ ]{4}\"{3}(?P<doc>.*?)\"{3}                     # its docstring or that of an attribute,
      | ^(?P<end>\w)                                     # what is no longer the class
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


class Attribute(NamedTuple):
    hint: str
    """As it was written; "" where it takes more than a line."""
    doc: str = ""


class _Class(NamedTuple):
    bases: list[str]
    own: dict[str, Attribute]


def attributes(cls: Any) -> Mapping[str, Attribute]:
    """Those of a class and of what it is derived from, by name; none where its source is not at hand."""
    module = sys.modules[cls.__module__]
    written = _classes(module).get(cls.__name__)
    if written is None:
        return {}
    found: dict[str, Attribute] = {}
    for base in written.bases:
        if isinstance(above := vars(module).get(base), type):
            found |= attributes(above)
    return found | written.own


@cache
def _classes(module: ModuleType) -> dict[str, _Class]:
    try:
        source = inspect.getsource(module)
    except (OSError, TypeError):
        return {}
    classes: dict[str, _Class] = {}
    own, name = dict[str, Attribute](), ""
    for found in _STATEMENT.finditer(source):
        if found["cls"]:
            own, name = {}, ""
            classes[found["cls"]] = _Class((found["bases"] or "").split(", "), own)
        elif found["name"]:
            name = found["name"]
            own[name] = Attribute(_whole(found["hint"]))
        elif found["end"]:
            own, name = {}, ""
        elif name and found["doc"]:
            own[name] = own[name]._replace(doc=found["doc"].replace("\n", "\n    "))
    return classes


def _whole(hint: str) -> str:
    hint = re.sub(r"\s+#.*|\s=\s.*", "", hint)
    return hint if hint.count("[") == hint.count("]") else ""
