from __future__ import annotations

import inspect
import re
from itertools import combinations

import pytest

from assistream.engine.routes import ADMINISTRATION, ONLY, ROUTES, VERSIONS, WITHOUT_VERSION

VIEWS = [(method, path, view) for path, views in {**ROUTES, **ADMINISTRATION}.items() for method, view in views.items()]


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in VIEWS])
def test_a_route_is_one_of_the_api(method: str, path: str) -> None:
    """Nothing is updated by PUT or PATCH, and no path ends in a slash."""
    assert method in ("GET", "POST", "DELETE")
    assert re.fullmatch(r"(/[a-z_]+|/\{[a-z_]+_id(:path)?\})+", path)


def test_a_view_is_a_coroutine_function_with_one_path() -> None:
    views = [view for _, _, view in VIEWS]
    assert all(inspect.iscoroutinefunction(view) for view in views)
    assert len(set(views)) == len(views)


def test_what_is_said_of_views_is_said_of_views_there_are() -> None:
    views = {view for _, _, view in VIEWS}
    assert set(ONLY) | WITHOUT_VERSION <= views
    assert not set(ONLY) & WITHOUT_VERSION
    assert set(ONLY.values()) <= set(VERSIONS.values())


def test_no_path_hides_another() -> None:
    """The first that fits is taken: a fixed path comes before one with an id in its place."""
    for first, second in combinations(ROUTES, 2):
        pattern = re.sub(r"\{\w+\}", "[^/]+", re.sub(r"\{\w+:path\}", ".+", first))
        assert not re.fullmatch(pattern, second), (first, second)


def test_the_second_version_is_taken_if_both_are_named() -> None:
    assert list(VERSIONS.values()) == ["v2", "v1"]
