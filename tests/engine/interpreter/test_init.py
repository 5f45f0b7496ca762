from __future__ import annotations

import subprocess
import sys


def test_an_engine_without_it_does_not_pay_for_it() -> None:
    program = (
        "import sys, assistream.engine; print([m for m in sys.modules if m.startswith('assistream.engine.interp')])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert said == "['assistream.engine.interpreter.limits', 'assistream.engine.interpreter']\n"
