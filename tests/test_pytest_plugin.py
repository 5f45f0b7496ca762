"""The plugin in sessions of its own, as a user's tests have it."""

from __future__ import annotations

import tomllib
from textwrap import dedent

import pytest

from .shared import ROOT

NAME = "assistream.pytest_plugin"


@pytest.fixture(autouse=True)
def _as_in_a_user_s_project(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction] -- a fixture
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def outcome(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    pytester.makepyfile("from assistream.testing import says\n" + dedent(source))
    return pytester.runpytest_subprocess("-p", NAME, "-W", "error")


def test_a_test_that_passes(pytester: pytest.Pytester) -> None:
    result = outcome(
        pytester,
        """
        def test_handler(assistants_server):
            assistants_server.script(says("Hi"))
            with assistants_server.stream() as stream:
                assert "".join(stream.text_deltas) == "Hi"
        """,
    )
    result.assert_outcomes(passed=1)


def test_what_is_left_over_fails_a_test_that_passed(pytester: pytest.Pytester) -> None:
    result = outcome(pytester, "def test_handler(assistants_server): assistants_server.script(says('Hi'))")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["E * AssertionError: The script was not played as it is written:", "E *   - not played: turn 1: says('Hi')"]
    )


@pytest.mark.parametrize(
    ("body", "outcomes"),
    [
        ("assert False", {"failed": 1}),
        ("import pytest; pytest.skip('why')", {"skipped": 1}),
        ("assistants_server.check = False", {"passed": 1}),
    ],
)
def test_what_is_left_over_is_not_told_besides(pytester: pytest.Pytester, body: str, outcomes: dict[str, int]) -> None:
    source = f"def test_handler(assistants_server):\n    assistants_server.script('Hi')\n    {body}\n"
    outcome(pytester, source).assert_outcomes(**outcomes)


def test_what_is_not_used_is_not_imported(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing():
            assert "assistream.pytest_plugin" in sys.modules
            assert {"httpx", "pydantic", "starlette", "assistream.testing"}.isdisjoint(sys.modules)
        """
    )
    pytester.runpytest_subprocess("-p", NAME).assert_outcomes(passed=1)


def test_pytest_finds_it(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the entry point that the project declares: an installation of nothing else than this."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = project["entry-points"]["pytest11"]
    assert entries == {"assistream": NAME}
    installed = pytester.mkdir("site") / "declared-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: declared\nVersion: 1\n")
    (installed / "entry_points.txt").write_text(f"[pytest11]\ndeclared = {entries['assistream']}\n")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{installed.parent}")
    result = pytester.runpytest_subprocess("-p", "declared", "--fixtures")
    result.stdout.fnmatch_lines(["assistants_server*"])
