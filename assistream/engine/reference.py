"""The page that shows the engine's OpenAPI document to people: one file, which needs nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files


@cache
def reference() -> tuple[bytes, dict[str, str]]:
    """The page and its headers, by which a browser runs what is written in it and nothing else."""
    page = files("assistream.engine").joinpath("pages/openapi.html").read_text(encoding="utf-8")
    policy = {
        "default-src": "'none'",
        "script-src": _written_in(page, "script"),
        "style-src": _written_in(page, "style"),
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return page.encode(), {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-cache",
    }


def _written_in(page: str, tag: str) -> str:
    hashes = [hashlib.sha256(text.encode()).digest() for text in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)]
    return " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in hashes)
