"""Values of every kind of type, for property tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from .examples import TYPES, Point, Tree

_FINITE = st.floats(allow_nan=False, allow_infinity=False)
_TREES = st.recursive(
    st.builds(Tree, branches=st.just([])), lambda trees: st.builds(Tree, branches=st.lists(trees)), max_leaves=5
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _FINITE | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=5,
)
_OWN: dict[str, st.SearchStrategy[Any]] = {
    "float": _FINITE,
    "dict": st.dictionaries(st.text(), _FINITE),
    "dataclass": st.builds(Point, y=_FINITE),
    "recursive": _TREES,
    "decimal": st.decimals(allow_nan=False, allow_infinity=False),
    "bounded": st.integers(1, 50),
    "path": st.lists(st.sampled_from(["a", "ü", "b c", ".."])).map(lambda parts: Path(*parts)),
    "any": _JSON,
}


def values(name: str) -> st.SearchStrategy[Any]:
    """What the type of this name in `TYPES` can be, and JSON can hold."""
    return _OWN[name] if name in _OWN else st.from_type(TYPES[name])
