from __future__ import annotations

import re

import pytest

from assistream import testing
from assistream.testing import ScriptedServer

from ..shared import ROOT
from ..test_docs import blocks, text


def test_every_export_is_told() -> None:
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`\n]+`", text("testing")))))
    assert [name for name in testing.__all__ if name not in told] == []


def test_every_attribute_of_the_server_has_a_row() -> None:
    public = {name for name in {*dir(ScriptedServer), *vars(ScriptedServer())} if not name.startswith("_")}
    rows = re.findall(r"^\| (`[a-z_]+[`(].*?) \|", text("testing").partition("| of the server |")[2], re.MULTILINE)
    assert public == set(re.findall(r"`([a-z_]+)", " ".join(rows)))


def test_the_tests_in_the_document_pass(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile("\n".join(source for _, source, _ in blocks(text("testing"))))
    result = pytester.runpytest_subprocess("-p", "assistream.pytest_plugin", "-W", "error")
    result.assert_outcomes(passed=text("testing").count("\ndef test_"))
