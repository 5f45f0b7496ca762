"""What `soak.py` makes of what it has seen: lines through series, a table, a plot."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

WARM_UP = 0.25
"""The part of the time in which caches fill and pools come to their size; at most `LONGEST` seconds."""
LONGEST = 600.0
# By how much a series may be higher at the end of its line than at its beginning, as a part of its mean, and besides.
PART = 0.05
NOISE = {"memory, MiB": 4.0, "descriptors": 8.0, "threads": 3.0, "tasks": 15.0, "blocks, thousands": 20.0}


@dataclass
class Series:
    """What one thing was at each of many times."""

    name: str
    times: list[float] = field(default_factory=list[float])
    values: list[float] = field(default_factory=list[float])

    def add(self, time: float, value: float) -> None:
        self.times.append(time)
        self.values.append(value)

    @property
    def warm(self) -> tuple[list[float], list[float]]:
        """Times and values after the warm-up."""
        begin = self.times[0] + min(WARM_UP * (self.times[-1] - self.times[0]), LONGEST)
        first = next(place for place, time in enumerate(self.times) if time >= begin)
        return self.times[first:], self.values[first:]

    @property
    def slope(self) -> float:
        """Per second."""
        times, values = self.warm
        return statistics.linear_regression(times, values).slope if len(times) > 1 else 0.0

    @property
    def growth(self) -> float:
        """From the first to the last point of the line."""
        times, _ = self.warm
        return self.slope * (times[-1] - times[0])

    @property
    def has_grown(self) -> bool:
        """By more than is noise; of what is not expected to stay as it is, it is not said."""
        noise = NOISE.get(self.name.partition(": ")[2])
        return noise is not None and self.growth > max(noise, PART * statistics.fmean(self.warm[1]))


def table(series: Sequence[Series]) -> str:
    rows = ["| | at first | mean | highest | last | slope, per hour | verdict |", "|---|" + "---:|" * 5 + "---|"]
    for one in series:
        values = one.warm[1]
        numbers = (values[0], statistics.fmean(values), max(values), values[-1], one.slope * 3600)
        is_judged = one.name.partition(": ")[2] in NOISE
        verdict = ("grows" if one.has_grown else "flat") if is_judged else ""
        rows.append(f"| {one.name} | " + " | ".join(f"{number:,.1f}" for number in numbers) + f" | {verdict} |")
    return "\n".join(rows)


WIDTH, HEIGHT, LEFT, RIGHT, TOP, GAP = 860, 110, 70, 20, 30, 42
POINTS = 400
_COLOURS = {"engine": "#2563eb", "clients": "#d97706"}


def plot(series: Sequence[Series]) -> str:
    """An SVG with a panel for each unit; the engine and its clients share one."""
    panels: dict[str, list[Series]] = {}
    for one in series:
        panels.setdefault(_unit(one), []).append(one)
    height = TOP + len(panels) * (HEIGHT + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
        ' font-size="12" role="img" aria-label="Soak: what was used over time">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for number, (unit, members) in enumerate(panels.items()):
        parts += _panel(unit, members, TOP + number * (HEIGHT + GAP))
    return "\n".join([*parts, "</svg>", ""])


def _unit(one: Series) -> str:
    whose, separator, what = one.name.partition(": ")
    return what if separator else whose.replace("median ", "").replace("95 % ", "")


def _panel(unit: str, members: Sequence[Series], top: float) -> list[str]:
    most = max(max(one.values) for one in members) * 1.1 or 1.0
    end = max(one.times[-1] for one in members) or 1.0
    bottom = top + HEIGHT
    parts = [f'<text x="{LEFT}" y="{top - 8}" font-weight="bold">{escape(unit)}</text>']
    for part in (0.0, 0.5, 1.0):
        y = bottom - part * HEIGHT
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{most * part:,.4g}</text>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{bottom + 14}" text-anchor="end">{end / 60:.0f} min</text>')
    for place, one in enumerate(members):
        whose = one.name.partition(": ")[0]
        colour = _COLOURS.get(whose) or ("#059669", "#dc2626")[place % 2]
        parts.append(f'<path d="{_path(one, most, end, bottom)}" fill="none" stroke="{colour}"/>')
        legend = whose if whose in _COLOURS else one.name.removeprefix(unit.removesuffix("ms"))
        x = WIDTH - RIGHT - 110 * (len(members) - 1 - place)
        parts.append(f'<text x="{x}" y="{top - 8}" text-anchor="end" fill="{colour}">{escape(legend)}</text>')
    return parts


def _path(one: Series, most: float, end: float, bottom: float) -> str:
    """Of at most so many points, each the highest of those that it stands for."""
    each = -(-len(one.times) // POINTS)
    points: list[str] = []
    for start in range(0, len(one.times), each):
        x = LEFT + one.times[start] / end * (WIDTH - LEFT - RIGHT)
        y = bottom - max(one.values[start : start + each]) / most * HEIGHT
        points.append(f"{x:.1f} {y:.1f}")
    return "M" + "L".join(points)
