"""Draws the table "Whole path" of benchmarks/README.md: docs/plots/speed.svg.

    .venv/bin/python scripts/speed_plot.py [--check]

``--check`` writes nothing, and exits with 1 if the drawing is not that of the table.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "README.md"
PLOT = ROOT / "docs" / "plots" / "speed.svg"

WIDTH, LEFT, RIGHT, TOP, BAR, GAP = 860, 250, 130, 46, 9, 10
THEIRS, OURS = "#d97706", "#2563eb"


class Row(NamedTuple):
    """What one event costs, in microseconds of processor time."""

    what: str
    openai: float
    assistream: float


def rows(text: str) -> list[Row]:
    """Those of the table that have a figure of both clients."""
    section = text.partition("\n## Whole path\n")[2].partition("\n## ")[0]
    found: list[Row] = []
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[1][:1].isdigit() and cells[2] and cells[3]:
            figures = [float(cell.replace(",", "")) for cell in cells[2:4]]
            found.append(Row(f"{cells[0].removesuffix(' *')}, {cells[1]}", *figures))
    return found


def drawing(shown: Sequence[Row]) -> str:
    """Two bars for each row, on an axis where each line is ten times the one before."""
    bottom = TOP + len(shown) * (2 * BAR + GAP)
    decades = range(math.ceil(math.log10(max(row.openai for row in shown))) + 1)
    unit = (WIDTH - LEFT - RIGHT) / decades[-1]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 30}" font-family="sans-serif"'
        ' font-size="12" role="img" aria-label="What an event costs, with openai-python and with assistream">',
        f'<rect width="{WIDTH}" height="{bottom + 30}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18" font-weight="bold">µs of processor time per event (each line: ten times more)</text>',
        f'<text x="{LEFT}" y="36" fill="{THEIRS}">openai-python</text>',
        f'<text x="{LEFT + 110}" y="36" fill="{OURS}">assistream</text>',
    ]
    for decade in decades:
        x = LEFT + decade * unit
        parts.append(f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{10**decade:,}</text>')
    for place, row in enumerate(shown):
        y = TOP + place * (2 * BAR + GAP) + GAP / 2
        parts.append(f'<text x="{LEFT - 8}" y="{y + BAR + 4:.1f}" text-anchor="end">{escape(row.what)}</text>')
        for at, (figure, colour) in enumerate(((row.openai, THEIRS), (row.assistream, OURS))):
            length = max(math.log10(figure), 0.02) * unit
            parts.append(
                f'<rect x="{LEFT}" y="{y + at * BAR:.1f}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>'
            )
        times = f"{row.openai / row.assistream:,.0f} times"
        parts.append(f'<text x="{WIDTH - RIGHT + 40}" y="{y + BAR + 4:.1f}">{times}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main(arguments: Sequence[str] | None = None, table: Path = TABLE, plot: Path = PLOT) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say whether it is right")
    options = parser.parse_args(arguments)
    made = drawing(rows(table.read_text(encoding="utf-8")))
    if options.check:
        is_right = plot.exists() and plot.read_text(encoding="utf-8") == made
        if not is_right:
            print(f"{plot.name} is not the drawing of {table.name}: run scripts/speed_plot.py")
        return int(not is_right)
    plot.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
