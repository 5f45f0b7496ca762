"""Draws the orders of callbacks that the contract states, as SVG: from the rows that the tests hold dispatch against.

A picture has a line for each hook, beside the event that calls it. What is begun and ended (a step, a call, a message,
a block) has a bar from its created hook to its done hook. Colours are classes, which `docs/assets/site.css` knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal, NamedTuple

from tests.frames import name_of
from tests.streaming.rows import ORDER, Row

INTRODUCTION = """### The same, drawn

Each picture is a row of `tests/streaming/rows/`: on the left what the server sends, on the right the hooks that it
calls, one below the other, with the additive hooks of section 5 and without `on_event`, which comes first for each
event. A bar is something that is begun and ended. Of a delta both the fragment and, after the arrow, the snapshot are
shown."""

EVENTS, LANE, LINE, TOP, WIDTH = 208, 16, 20, 6, 760

_CALL = re.compile(r"([a-z_]+)(?:\(((?:'[^']*'|[^()'])*)\))?")

Mark = Literal["begin", "end", "within"]


class Hook(NamedTuple):
    name: str
    arguments: str
    lane: str
    """What it is about: one of the things that have a bar, or the run."""
    mark: Mark


@dataclass(frozen=True)
class Band:
    """An event and the hooks that it calls."""

    event: str
    hooks: Sequence[Hook]


def drawn(rows: Sequence[Row] = ORDER) -> str:
    """Every numbered order of the contract, as Markdown with pictures in it."""
    parts = [INTRODUCTION]
    for row in rows:
        if found := re.fullmatch(r"order_(\d)_(\w+)", row.name):
            title = found[2].replace("_", " ").capitalize()
            parts.append(f"#### {found[1]}. {title}\n\n{picture(bands(row), title)}")
    return "\n\n".join(parts)


def bands(row: Row) -> list[Band]:
    lanes = _Lanes()
    found = [
        Band(name_of(frame).removeprefix("thread."), [lanes.hook(*call) for call in _CALL.findall(hooks)])
        for frame, hooks in row.steps
    ]
    return [*found, Band("", [Hook("end", "", "run", "within")])]


class _Lanes:
    """Which block of text a hook is about is not in a row: the block that was begun last, or the one that reads so."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def hook(self, name: str, arguments: str) -> Hook:
        mark: Mark = "begin" if name.endswith("_created") else "end" if name.endswith("_done") else "within"
        return Hook(name, arguments.replace(" | ", " → "), self._lane(name, arguments), mark)

    def _lane(self, name: str, arguments: str) -> str:
        first, *_ = arguments.split(" ")
        snapshot = arguments.split(" | ")[-1]
        if name.startswith("text_"):
            return self._text(name, snapshot)
        if name.startswith("tool_call_"):
            return f"call {snapshot.split(' ')[0]}"
        if name.startswith(("run_step_", "message_")):
            return f"{'step' if name.startswith('run_step') else 'message'} {first}"
        return f"image {first}" if name.startswith("image_") else "run"

    def _text(self, name: str, snapshot: str) -> str:
        if name == "text_created":
            self.texts[f"text {len(self.texts)}"] = snapshot
        elif name == "text_delta":
            self.texts[list(self.texts)[-1]] = snapshot
        else:
            return next(lane for lane, text in self.texts.items() if text == snapshot)
        return list(self.texts)[-1]


def picture(bands: Sequence[Band], title: str) -> str:
    lanes = list(dict.fromkeys(hook.lane for band in bands for hook in band.hooks))
    columns = {lane: EVENTS + LANE * (at + 1) for at, lane in enumerate(lanes)}
    heights = [LINE * max(1, len(band.hooks)) for band in bands]
    height = sum(heights) + 2 * TOP
    tops = [TOP + sum(heights[:at]) for at in range(len(bands))]
    lines = [
        (hook, top + LINE * at + LINE // 2)
        for band, top in zip(bands, tops, strict=True)
        for at, hook in enumerate(band.hooks)
    ]
    labels = EVENTS + LANE * (len(lanes) + 2)
    parts = [
        *_backgrounds(bands, tops, heights, labels),
        *_bars(lines, columns, height - TOP - LINE),
        *_hooks(lines, columns, labels),
    ]
    return (
        f'<figure class="order"><svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg></figure>"
    )


def _backgrounds(bands: Sequence[Band], tops: Sequence[int], heights: Sequence[int], labels: int) -> Iterator[str]:
    for at, (band, top, height) in enumerate(zip(bands, tops, heights, strict=True)):
        if at % 2 == 0:
            yield f'<rect class="band" x="0" y="{top}" width="{WIDTH}" height="{height}"/>'
        yield _label(8, top + LINE // 2, "event", band.event or "the end of the stream")
        if not band.hooks:
            yield _label(labels, top + LINE // 2, "nothing", "only on_event")


def _bars(lines: Sequence[tuple[Hook, int]], columns: dict[str, int], bottom: int) -> Iterator[str]:
    """From what begins to what ends; what was begun in an earlier leg, or is not ended in this one, has no end here."""
    for lane, x in columns.items():
        ys = {hook.mark: y for hook, y in lines if hook.lane == lane}
        if "begin" in ys or (lane.startswith("step") and "end" in ys):
            top, end = ys.get("begin", TOP), ys.get("end", bottom)
            yield f'<line class="bar {_kind(lane)}" x1="{x}" y1="{top}" x2="{x}" y2="{end}"/>'


def _hooks(lines: Sequence[tuple[Hook, int]], columns: dict[str, int], labels: int) -> Iterator[str]:
    radius = {"begin": 4.5, "end": 4.5, "within": 2.5}
    for hook, y in lines:
        kind, x = _kind(hook.lane), columns[hook.lane]
        yield f'<circle class="{hook.mark} {kind}" cx="{x}" cy="{y}" r="{radius[hook.mark]}"/>'
        yield f'<line class="lead" x1="{x + 8}" y1="{y}" x2="{labels - 6}" y2="{y}"/>'
        arguments = f'<tspan class="arguments">({escape(hook.arguments)})</tspan>' if hook.arguments else ""
        yield _label(labels, y, kind, f"on_{hook.name}", arguments)


def _label(x: int, y: int, kind: str, text: str, more: str = "") -> str:
    return f'<text class="{kind}" x="{x}" y="{y + 4}">{escape(text)}{more}</text>'


def _kind(lane: str) -> str:
    return lane.partition(" ")[0]
