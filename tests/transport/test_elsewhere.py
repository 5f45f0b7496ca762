from __future__ import annotations

from typing import Any

import pytest

from assistream.transport import elsewhere
from assistream.transport.elsewhere import Incomplete, missing


class Place(Incomplete):
    _place = "beta."
    _transport = "transport"


def test_what_is_elsewhere_is_explained_and_what_is_nowhere_is_not() -> None:
    assert "For `chat` use the package openai, beside assistream or through" in str(missing("'X' object", "chat"))
    assert str(missing("'X' object", "nonsense")) == "'X' object has no attribute 'nonsense'"
    for name in ("chat", "nonsense"):
        assert not hasattr(Place(), name)


def test_a_lender_is_asked_for_what_is_elsewhere_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def lend(transport: Any, path: str) -> Any:
        return transport, path

    monkeypatch.setattr(elsewhere, "lender", lend)
    place: Any = Place()
    assert place.chat == ("transport", "beta.chat")
    with pytest.raises(AttributeError, match=r"^'Place' object has no attribute 'nonsense'$"):
        _ = place.nonsense
