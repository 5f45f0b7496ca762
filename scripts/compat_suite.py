"""Run the reference client's own tests of this API on assistream: `make compat-suite`, a part of `make compat`.

Nothing of theirs is part of this project. What is needed is fetched into .venv-compat when it is not there yet: a mock
server for the published API documents (Prism, through npm) and openai's sources. The tests of 1.109.1 are in its source
distribution. That of 1.16.2, from the weeks of the first wire version, has none: they come from a checkout of its tag,
in the folder that OPENAI_V1_SOURCES names.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.compat import EARLY, PLACE, ROOT, SUITE, prepare, python
from scripts.environments import CannotInstall, prepare_node

DOCUMENTS = ROOT.parent / "shared" / "openapi"
PRISM = "@stainless-api/prism-cli@5.16.1"
PATIENCE = 60  # seconds for the mock server to read its document


class Suite(NamedTuple):
    version: str
    document: str
    paths: tuple[str, ...]
    """Where its tests of this API are."""


BETA = "tests/api_resources/beta"
CURRENT = Suite(
    "1.109.1",
    "v2.scope.json",
    (
        *(f"{BETA}/test_assistants.py", f"{BETA}/test_threads.py", f"{BETA}/threads"),
        *("tests/api_resources/test_vector_stores.py", "tests/api_resources/vector_stores"),
        *("tests/api_resources/test_files.py", "tests/lib/test_assistants.py"),
    ),
)
FIRST = Suite(EARLY, "v1.scope.json", (BETA, "tests/api_resources/test_files.py"))


def main() -> int:
    try:
        prism = mock_server()
        prepare(SUITE)
        failed = not passes(CURRENT, source_distribution(CURRENT.version), prism)
    except CannotInstall as error:
        print(f"== FAILED: compat-suite, {error}")
        return 1
    try:
        checkout = tagged(FIRST.version)
    except CannotInstall as error:
        print(f"== tests of openai {FIRST.version}: not run, {error}")
    else:
        failed = not passes(FIRST, checkout, prism) or failed
    return int(failed)


def passes(suite: Suite, sources: Path, prism: Path) -> bool:
    """Whether the tests in `sources` pass on assistream, against a server that answers as the document says."""
    print(f"== tests of openai {suite.version}, on {suite.document}", flush=True)
    with serving(prism, DOCUMENTS / suite.document) as url:
        # Their settings for pytest, without what only runs them side by side.
        loops = [f"asyncio_default_{what}_loop_scope=session" for what in ("fixture", "test")]
        settings = [f"--override-ini={option}" for option in ["asyncio_mode=auto", "xfail_strict=true", *loops]]
        plugins = ["-p", "suite_plugin", "-p", "no:cacheprovider", "-W", "error"]
        command = ["-m", "pytest", "-q", "--tb=short", "-c", os.devnull, f"--rootdir={sources}", *plugins, *settings]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "tests" / "compat"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENAI_SOURCES": str(sources),
            "TEST_API_BASE_URL": url,
        }
        done = subprocess.run([python(SUITE), *command, *suite.paths], cwd=sources, env=environment, check=False)
    return done.returncode == 0


@contextlib.contextmanager
def serving(prism: Path, document: Path) -> Generator[str]:
    """A mock server of this document; it checks what it is sent and answers with examples."""
    if not document.exists():
        raise CannotInstall(f"{document} is not there")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = ["node", str(prism), "mock", "--host", "127.0.0.1", "--port", str(port), str(document)]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise CannotInstall("the mock server did not start")


def mock_server() -> Path:
    """The program that serves an API document, installed if it is not."""
    place = PLACE / "prism"
    prepare_node(place, [PRISM])
    return place / "node_modules" / "@stainless-api" / "prism-cli" / "dist" / "index.js"


def source_distribution(version: str) -> Path:
    """The unpacked source distribution of this version."""
    place = PLACE / "sources" / f"openai-{version}"
    if not place.exists():
        print(f"== fetching the sources of openai {version}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            only_sources = ["--no-binary", "openai", "--no-deps", "--dest", folder]
            pip = [str(python(SUITE)), "-m", "pip", "download", "-qq", "--disable-pip-version-check", *only_sources]
            _run("pip could not fetch openai's sources", *pip, f"openai=={version}")
            # Not with `filter`, which Python has since 3.11.4 only.
            shutil.unpack_archive(next(Path(folder).glob("*.tar.gz")), place.parent)
    return place


def tagged(version: str) -> Path:
    """A checkout of the tag of this version."""
    given = os.environ.get("OPENAI_V1_SOURCES")
    if not given:
        raise CannotInstall(
            f"its source distribution has none: set OPENAI_V1_SOURCES to a checkout of its tag v{version}"
        )
    return Path(given).resolve()


def _run(otherwise: str, *command: str) -> None:
    try:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotInstall(otherwise) from error


if __name__ == "__main__":
    sys.exit(main())
