"""Whose rows statements are about is tested in `test_scoped`, what requests see of others' in `test_isolation`."""

from __future__ import annotations

from assistream.engine.projects import PROJECT, acting_for


def test_acting_for_somebody_ends() -> None:
    with acting_for("a"), acting_for(None):
        assert PROJECT.get() is None
    assert PROJECT.get() is None
