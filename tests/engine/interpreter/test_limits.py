from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.interpreter.limits import MIB, CodeInterpreter
from assistream.errors import ConfigurationError


def test_the_limits_as_they_come_make_sense() -> None:
    assert CodeInterpreter().seconds == 120
    assert CodeInterpreter(memory=256 * MIB, idle_seconds=0.5, python="/usr/bin/python3", paths=["/usr"])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"seconds": 0}, "seconds must be a number of seconds above 0, not 0"),
        ({"seconds": float("inf")}, "seconds must be a number"),
        ({"seconds": float("nan")}, "seconds must be a number"),
        ({"seconds": True}, "seconds must be a number"),
        ({"memory": 1.5e9}, "memory must be a whole number above 0"),
        ({"memory": 5 * MIB}, "memory must be at least 134217728 bytes"),
        ({"disk": 5}, "disk must be at least"),
        ({"processes": 5}, "processes must be at least 32"),
        ({"kernels": 0}, "kernels must be a whole number above 0"),
        ({"python": 3}, "python must be the path of a Python"),
        ({"paths": "/usr"}, "paths must be a list of paths"),
        ({"paths": [3]}, "paths must be a list of paths"),
        ({"paths": ["relative"]}, "absolute paths that are there"),
        ({"paths": ["/"]}, "and not all of the machine"),
        ({"paths": ["/usr/.."]}, "and not all of the machine"),
        ({"paths": ["/not/there"]}, "absolute paths that are there"),
    ],
    ids=str,
)
def test_others_are_refused(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        CodeInterpreter(**options)
    assert says in str(raised.value)
