from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from scripts.orders import Band, Hook, bands, drawn, picture
from tests.shared import ROOT
from tests.streaming.rows import ORDER, Row

ROWS = {row.name: row for row in ORDER}
NUMBERED = [row for row in ORDER if re.match(r"order_\d", row.name)]
SVG = "{http://www.w3.org/2000/svg}"


def svg(row: Row) -> ElementTree.Element:
    html = picture(bands(row), "title").replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    found = ElementTree.fromstring(html).find(f"{SVG}svg")
    assert found is not None
    return found


@pytest.mark.parametrize("row", NUMBERED, ids=lambda row: row.name)
def test_every_event_and_hook_is_in_its_picture_in_order(row: Row) -> None:
    shown = ["".join(text.itertext()) for text in svg(row).iter(f"{SVG}text")]
    hooks = [one.partition("(")[0] for one in shown if one.startswith("on_")]
    calls = re.sub(r"\((?:'[^']*'|[^()'])*\)", "", " ".join(row.hooks))
    assert hooks == [f"on_{name}" for name in calls.split()] + ["on_end"]
    assert shown.count("only on_event") == row.hooks.count("")
    assert len(shown) == len(hooks) + row.hooks.count("") + len(row.frames) + 1


def test_two_blocks_have_two_bars() -> None:
    lanes = {(hook.name, hook.lane) for band in bands(ROWS["order_2_two_text_blocks"]) for hook in band.hooks}
    assert {("text_created", "text 0"), ("text_done", "text 0"), ("text_created", "text 1")} <= lanes
    bars = [
        line.attrib
        for line in svg(ROWS["order_2_two_text_blocks"]).iter(f"{SVG}line")
        if line.attrib["class"] == "bar text"
    ]
    assert len(bars) == 2
    # The first ends after the second has begun.
    assert float(bars[0]["y2"]) > float(bars[1]["y1"]) > float(bars[0]["y1"])


def test_a_call_is_known_by_its_id() -> None:
    lanes = {hook.lane for band in bands(ROWS["order_5_two_functions"]) for hook in band.hooks}
    assert lanes == {"step step_1", "call a", "call b", "run"}


def test_what_was_begun_in_an_earlier_leg_has_a_bar_from_the_top() -> None:
    first, *_ = [
        line.attrib for line in svg(ROWS["order_6_submit_leg"]).iter(f"{SVG}line") if "bar" in line.attrib["class"]
    ]
    assert (first["class"], first["y1"]) == ("bar step", "6")


def test_text_is_escaped() -> None:
    assert "&lt;b&gt;" in picture([Band("<b>", [Hook("end", "<b>", "run", "within")])], "<b>")
    assert "<b>" not in picture([Band("<b>", [Hook("end", "<b>", "run", "within")])], "<b>")


def test_every_number_of_the_contract_is_drawn() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    section = text.partition("## 2. ")[2].partition("## 3. ")[0]
    numbers = set(re.findall(r"^(\d)\. \*\*", section, re.MULTILINE))
    assert numbers == set(re.findall(r"^#### (\d)\. ", drawn(), re.MULTILINE))


def test_every_colour_is_in_the_style() -> None:
    style = (ROOT / "docs" / "assets" / "site.css").read_text(encoding="utf-8")
    used = {name for found in re.findall(r'class="([a-z ]+)"', drawn()) for name in found.split()}
    assert [name for name in used if not re.search(rf"\.{name}\b", style)] == []
