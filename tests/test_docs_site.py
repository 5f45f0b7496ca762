from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

from scripts.docs_hooks import EXAMPLES, PAGES
from scripts.docs_site import Page, build, faults
from tests.shared import ROOT

REFERENCE = sorted((ROOT / "docs" / "reference").glob("*.md"))
NAV = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2].partition("\ntheme:\n")[0]


def test_every_page_is_in_the_nav_once() -> None:
    docs = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert sorted(re.findall(r"[\w/]+\.md", NAV)) == sorted([*docs, *PAGES, EXAMPLES])


def write(site: Path, name: str, text: str) -> None:
    path = site / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, encoding="utf-8")


def test_a_sound_site_has_no_faults(tmp_path: Path) -> None:
    write(tmp_path, "index.html", '<a href="below/page.html#a%20place">x</a><a href="#here">y</a><i id="here"></i>')
    write(tmp_path, "below/page.html", '<i id="a place"></i><a href="../index.html">x</a><img src="data:image/png,x">')
    write(tmp_path, "404.html", '<a href="/assistream/nowhere.html">x</a>')
    write(
        tmp_path, "more.html", '<a href="https://semver.org">x</a><link rel="canonical" href="https://here/more.html">'
    )
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        ('<a href="nowhere.html">', "nowhere.html leads nowhere"),
        ('<a href="#nothing">', "#nothing has no such place"),
        ('<a href="other.html#nothing">', "other.html#nothing has no such place"),
        ('<img src="lost.svg">', "lost.svg leads nowhere"),
        ('<script src="https://unpkg.com/x"></script>', "https://unpkg.com/x is fetched"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "//fonts.example/x.css is fetched"),
        (
            '<a href="https://semver.org"><img src="https://img.example/badge.svg"></a>',
            "https://img.example/badge.svg is fetched",
        ),
    ],
)
def test_faults_are_found(tmp_path: Path, element: str, fault: str) -> None:
    write(tmp_path, "index.html", element)
    write(tmp_path, "other.html", "")
    assert faults(tmp_path) == [f"index.html: {fault}"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    assert build(place) == 0
    return place


def test_the_site_is_sound(site: Path) -> None:
    assert faults(site) == []
    assert len(list(site.rglob("*.html"))) > len(REFERENCE)


def names(package: str) -> list[str]:
    """What it exports of its own: no modules, and nothing that others have made, such as httpx' Timeout."""
    module = importlib.import_module(package)
    found = {name: getattr(module, name) for name in module.__all__ if not name.startswith("__")}
    homes = {name: getattr(one, "__module__", package) for name, one in found.items() if not inspect.ismodule(one)}
    return [name for name, home in homes.items() if home.startswith(("assistream", "typing"))]


HOMES = {
    "assistream": "assistream handlers streaming tools recording errors types".split(),
    **{f"assistream.{path.stem}": [path.stem] for path in REFERENCE if path.stem != "assistream"},
}


@pytest.mark.parametrize("package", HOMES)
def test_everything_public_is_in_the_reference(site: Path, package: str) -> None:
    pages = [Page((site / "reference" / f"{home}.html").read_text(encoding="utf-8")) for home in HOMES[package]]
    told = {place.rpartition(".")[2] for page in pages for place in page.places}
    assert [name for name in names(package) if name not in told] == []


def test_operations_are_told_with_their_keywords(site: Path) -> None:
    text = (site / "reference" / "resources.html").read_text(encoding="utf-8")
    section = text.partition('id="assistream.resources.Runs.create_and_stream"')[2].partition("<h3")[0]
    assert "event_handler" in section
    assert "max_completion_tokens" in section
    assert "Unpack" not in section
