from __future__ import annotations

import subprocess
import sys

from assistream.engine import documents


def test_what_is_exported() -> None:
    assert set(documents.__all__) == {"SUPPORTED", "Reader", "Unreadable", "chunked", "read", "tokens"}


def test_parsers_are_imported_when_they_are_needed() -> None:
    program = (
        "import sys, assistream.engine.documents; print({'docx', 'lxml', 'openpyxl', 'pptx', 'pypdf'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
