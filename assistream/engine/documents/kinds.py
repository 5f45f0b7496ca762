"""Which kind of document a file is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_EXTENSIONS = {
    "text": ".txt .text .log .rst .tex .srt .vtt .org .adoc",
    "markdown": ".md .markdown .mdx",
    "html": ".html .htm .xhtml",
    "json": ".json .jsonl .ndjson .ipynb .geojson",
    "csv": ".csv .tsv",
    "pdf": ".pdf",
    "docx": ".docx .docm .dotx",
    "pptx": ".pptx .pptm .ppsx",
    "xlsx": ".xlsx .xlsm",
    "code": ".c .cc .cpp .cs .css .go .h .hpp .ini .java .js .jsx .kt .lua .php .pl .proto .ps1 .py .r .rb .rs .scala"
    " .scss .sh .sql .svg .swift .toml .ts .tsx .vue .xml .yaml .yml",
}

SUPPORTED: Mapping[str, str] = MappingProxyType(
    {extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions.split()}
)
"""The kind of document that each known extension stands for. What has another extension and is text is read as text."""
