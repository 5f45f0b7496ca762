"""Build the site of the documents, and look at it: `make docs`.

Nothing needs a network, neither the building nor the reading: open site/index.html. MkDocs fails on pages that nothing
leads to and on broken links between pages; what it has written is looked through here, with all that themes and the
reference put in.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent

FETCHED = {"audio", "embed", "iframe", "img", "link", "object", "script", "source", "video"}
"""Elements whose addresses a browser opens by itself."""


def build(site: Path) -> int:
    """MkDocs' exit code."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)]
    # Its theme advertises otherwise.
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


class Page(HTMLParser):
    """The places that a page has, and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places |= {given.get("id") or "", given.get("name") or ""}
        if address := given.get("href") or given.get("src"):
            canonical = tag == "link" and given.get("rel") == "canonical"
            (self.fetched if tag in FETCHED and not canonical else self.links).append(address)


def faults(site: Path) -> list[str]:
    """Links that lead nowhere, and what would have to be fetched from elsewhere."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    return [
        f"{path.relative_to(site)}: {fault}"
        for path, page in pages.items()
        if path.name != "404.html"  # its addresses begin with a slash, for it is served in the place of any page
        for fault in _faults(path, page, pages)
    ]


def _faults(path: Path, page: Page, pages: dict[Path, Page]) -> Iterator[str]:
    yield from (f"{address} is fetched" for address in page.fetched if urlsplit(address).netloc)
    for address in dict.fromkeys([*page.fetched, *page.links]):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_file():
            yield f"{address} leads nowhere"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
            yield f"{address} has no such place"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "site", help="where to")
    site = parser.parse_args(arguments).site.resolve()
    found = ["MkDocs says why, above"] if build(site) else faults(site)
    print("\n".join(found) if found else f"== docs: {site / 'index.html'}")
    if found:
        print("== FAILED: docs")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
