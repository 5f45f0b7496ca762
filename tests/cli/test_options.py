from __future__ import annotations

import pytest
import typer

from assistream.cli.options import visible


def test_what_can_be_sent() -> None:
    assert visible("sk-1 2") == "sk-1 2"
    for text in ("k\n", "schlüssel", "\x1b"):
        with pytest.raises(typer.BadParameter, match="characters"):
            visible(text)
