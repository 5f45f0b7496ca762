"""Documents of every kind, made in memory from a title and paragraphs."""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections.abc import Callable, Sequence
from html import escape

import docx
import openpyxl
import pptx
from pptx.shapes.autoshape import Shape

from . import pdfs

Paragraphs = Sequence[str]


def document(kind: str, title: str, paragraphs: Paragraphs) -> tuple[str, bytes]:
    """The name and the bytes of a document that says `title` and `paragraphs`; pdf has characters of Latin-1 only."""
    extension, write = _WRITERS[kind]
    return re.sub(r"\W+", "-", title.lower()).strip("-") + extension, write(title, paragraphs)


def _text(title: str, paragraphs: Paragraphs) -> bytes:
    return "\n\n".join([title, *paragraphs]).encode()


def _markdown(title: str, paragraphs: Paragraphs) -> bytes:
    return _text(f"# {title}", paragraphs)


def _html(title: str, paragraphs: Paragraphs) -> bytes:
    style = "<style>p { color: red }</style><script>let hidden = '<p>script</p>';</script>"
    body = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in paragraphs)
    head = f"<head><meta charset=utf-8><title>{escape(title)}</title>{style}</head>"
    return f"<!doctype html><html>{head}<body><h1>{escape(title)}</h1>{body}</body></html>".encode()


def _json(title: str, paragraphs: Paragraphs) -> bytes:
    return json.dumps({"title": title, "paragraphs": list(paragraphs)}).encode()


def _jsonl(title: str, paragraphs: Paragraphs) -> bytes:
    rows = [{"title": title, "text": paragraph} for paragraph in paragraphs]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _rows(title: str, paragraphs: Paragraphs) -> list[list[str]]:
    return [["title", "text"], *([title, paragraph] for paragraph in paragraphs)]


def _csv(title: str, paragraphs: Paragraphs) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(_rows(title, paragraphs))
    return out.getvalue().encode()


def _xlsx(title: str, paragraphs: Paragraphs) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.create_sheet("Notes", 0)
    for row in _rows(title, paragraphs):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def _code(title: str, paragraphs: Paragraphs) -> bytes:
    functions = [
        f"def part_{number}():\n{textwrap.indent(textwrap.fill(paragraph, 90), '    # ')}\n    return {number}\n"
        for number, paragraph in enumerate(paragraphs)
    ]
    return "\n\n".join([f'"""{title}."""\n', *functions]).encode()


def _pdf(title: str, paragraphs: Paragraphs) -> bytes:
    lines = [line for text in [title, *paragraphs] for line in [*textwrap.wrap(text, 90), ""]]
    return pdfs.pdf([lines[start : start + 50] for start in range(0, len(lines), 50)])


def _docx(title: str, paragraphs: Paragraphs) -> bytes:
    written, out = docx.Document(), io.BytesIO()
    written.add_heading(title)
    for paragraph in paragraphs:
        written.add_paragraph(paragraph)
    written.save(out)
    return out.getvalue()


def _pptx(title: str, paragraphs: Paragraphs) -> bytes:
    shown, out = pptx.Presentation(), io.BytesIO()
    for paragraph in paragraphs:
        slide = shown.slides.add_slide(shown.slide_layouts[1])
        for shape, text in zip(slide.placeholders, (title, paragraph), strict=True):
            assert isinstance(shape, Shape)
            shape.text_frame.text = text
    shown.save(out)
    return out.getvalue()


_WRITERS: dict[str, tuple[str, Callable[[str, Paragraphs], bytes]]] = {
    "text": (".txt", _text),
    "markdown": (".md", _markdown),
    "html": (".html", _html),
    "json": (".json", _json),
    "jsonl": (".jsonl", _jsonl),
    "csv": (".csv", _csv),
    "code": (".py", _code),
    "pdf": (".pdf", _pdf),
    "docx": (".docx", _docx),
    "pptx": (".pptx", _pptx),
    "xlsx": (".xlsx", _xlsx),
}
KINDS = tuple(_WRITERS)
