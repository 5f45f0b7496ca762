"""What MkDocs calls while it builds the site (`mkdocs.yml`, `make docs`).

The documents are written to be read where they are, in the repository. Here those outside of `docs/` become pages,
links to them follow, and what only a site can show is put in.
"""

from __future__ import annotations

import ast
import importlib
import posixpath
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # MkDocs loads this file by its path

from scripts.orders import drawn  # noqa: E402 -- see above

PAGES = {
    "index.md": "README.md",
    "project/architecture.md": "ARCHITECTURE.md",
    "project/benchmarks.md": "benchmarks/README.md",
    "project/changelog.md": "CHANGELOG.md",
    "project/contributing.md": "CONTRIBUTING.md",
    "project/releasing.md": "RELEASING.md",
    "project/security.md": "SECURITY.md",
}
"""Pages whose text is elsewhere in the repository."""

EXAMPLES = "examples.md"
ORDERS = "<!-- drawn: orders -->"

_CODE = '<div class="highlight">'
_FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[((?:[^][]|\[[^]]*\])*)\]\(([^()#\s:]+)(#[^()\s]*)?\)")


def on_files(files: Any, config: Any) -> Any:
    File = importlib.import_module("mkdocs.structure.files").File
    for page, source in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    files.append(File.generated(config, EXAMPLES, content=examples(ROOT / "examples")))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    return with_orders(with_links(markdown, page.file.src_uri))


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Docstrings introduce code with two colons."""
    return html.replace(f"<p>::</p>\n{_CODE}", _CODE).replace(f"::</p>\n{_CODE}", f":</p>\n{_CODE}")


def with_links(markdown: str, page: str) -> str:
    """The text of a page with links as they are on the site. What the site has not is named there, and not linked."""
    home = posixpath.dirname(PAGES.get(page, f"docs/{page}"))

    def link(found: re.Match[str]) -> str:
        text, target, anchor = found[1], posixpath.normpath(posixpath.join(home, found[2])), found[3] or ""
        place = place_of(target)
        if place is None:
            return text if (ROOT / target).exists() else found[0]
        path, own = place
        return f"[{text}]({posixpath.relpath(path, posixpath.dirname(page) or '.')}{anchor or own})"

    pieces = _FENCE.split(markdown)
    return "".join(piece if piece.startswith("```") else _LINK.sub(link, piece) for piece in pieces)


def place_of(target: str) -> tuple[str, str] | None:
    """Where on the site a file of the repository is: its page, and its place there."""
    if target.startswith("docs/"):
        return target.removeprefix("docs/"), ""
    if target == "examples":
        return EXAMPLES, ""
    if target.startswith("examples/"):
        return EXAMPLES, f"#{Path(target).stem}"
    return next(((page, "") for page, source in PAGES.items() if source == target), None)


def examples(directory: Path) -> str:
    """All of them on one page: what each says about itself, and its program."""
    parts = ["# Examples", "All of them run offline: `python examples/01_first_stream.py`."]
    for path in sorted(directory.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        about = ast.get_docstring(ast.parse(source)) or ""
        program = source.partition('"""\n\n')[2].replace("from __future__ import annotations\n\n", "")
        title = re.sub(r"^\d+_", "", path.stem).replace("_", " ").capitalize()
        parts.append(f'## {title} {{ #{path.stem} }}\n\n{about}\n\n```python title="{path.name}"\n{program}```')
    return "\n\n".join(parts) + "\n"


def with_orders(markdown: str) -> str:
    return markdown.replace(ORDERS, drawn()) if ORDERS in markdown else markdown
