from __future__ import annotations

import pytest

from tests.parallel import encodable
from tests.shared import ROOT

HALF = """
import pytest

def test_prints_half_a_character():
    print("<\\ud83d>")

def test_fails_with_half_a_character():
    assert "<\\ud83d>" == "é"

def test_skips_half_a_character():
    pytest.skip("\\ud83d")
"""


def test_what_cannot_be_sent_is_written_differently() -> None:
    told = {"a": ["é\ud83d", 1, None], "b\udc00": {"when": ("call", "\ud83d")}}
    assert encodable(told) == {"a": ["é?", 1, None], "b?": {"when": ("call", "?")}}


def test_workers_tell_what_they_saw(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    pytester.makeconftest('pytest_plugins = ["tests.parallel"]')
    pytester.makepyfile(HALF)
    result = pytester.runpytest_subprocess("-n", "2", "-rs")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["E *<?>*", "SKIPPED*: ?"])
