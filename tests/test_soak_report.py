from __future__ import annotations

import random
from xml.etree import ElementTree

import pytest

from scripts.soak_report import Series, plot, table


def series(
    name: str, *, begin: float = 100.0, per_hour: float = 0.0, warm_up: float = 0.0, noise: float = 0.0
) -> Series:
    """An hour of it."""
    made, chance = Series(name), random.Random(1)
    for second in range(0, 3600, 5):
        cold = warm_up * max(0.0, 1 - second / 500)
        made.add(second, begin - cold + per_hour * second / 3600 + chance.uniform(-noise, noise))
    return made


@pytest.mark.parametrize(
    ("one", "grows"),
    [
        (series("engine: memory, MiB"), False),
        (series("engine: memory, MiB", per_hour=20), True),
        (series("engine: memory, MiB", per_hour=-20), False),
        (series("engine: memory, MiB", warm_up=40), False),
        (series("engine: descriptors", begin=40, noise=15), False),
        (series("engine: descriptors", begin=40, noise=15, per_hour=30), True),
        (series("clients: threads", begin=6, per_hour=10), True),
        (series("database, MiB", per_hour=50), False),  # it may: what was asked for with a key is known for a day
    ],
    ids=lambda value: value.name if isinstance(value, Series) else str(value),
)
def test_what_grows_is_seen_and_what_is_noise_is_not(one: Series, grows: bool) -> None:
    assert one.has_grown is grows


def test_the_slope_is_that_after_the_warm_up() -> None:
    assert series("engine: memory, MiB", per_hour=7, warm_up=50).slope * 3600 == pytest.approx(7)


def test_the_table_says_it() -> None:
    rows = table([series("engine: memory, MiB", per_hour=36), series("database, MiB")]).splitlines()
    assert rows[2].startswith("| engine: memory, MiB | 106.0 |")
    assert rows[2].endswith("| 36.0 | grows |")
    assert rows[3] == "| database, MiB | 100.0 | 100.0 | 100.0 | 100.0 | 0.0 |  |"


def test_the_plot_is_a_picture_of_all() -> None:
    names = ["engine: memory, MiB", "clients: memory, MiB", "database, MiB", "search, median ms", "search, 95 % ms"]
    root = ElementTree.fromstring(plot([series(name, noise=5) for name in names]))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"memory, MiB", "engine", "clients", "database, MiB", "search, ms"} <= set(texts)
    lines = [path.get("d", "") for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("fill") == "none"]
    assert len(lines) == 5
    assert all(200 < line.count("L") < 400 for line in lines)
