from __future__ import annotations

import sys

import pytest

from assistream import ConfigurationError
from assistream.cli.loading import EMBEDDINGS_KEY, MODEL_KEY, load, load_embeddings, load_model, model_behind


def test_a_name_in_a_module_of_this_directory() -> None:
    assert load("kit:number", "thing", "MODULE:NAME") == 1
    assert load("kit:get_weather", "thing", "MODULE:NAME")("Oslo") == "rain in Oslo"
    assert sys.path[0] != sys.path[1]


@pytest.mark.parametrize("spec", ["", "kit", "kit:", ":number", "kit:none", "nothing:number"])
def test_what_is_not_there(spec: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"thing '{spec}'"):
        load(spec, "thing", "MODULE:NAME")


def test_models() -> None:
    assert load_model("rehearsal") is None
    assert load_model("kit:shout") is load("kit:shout", "model", "")
    for spec in ("kit:number", "kit:Shouting"):
        with pytest.raises(ConfigurationError, match="is no model"):
            load_model(spec)


def test_a_model_behind_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key may be anywhere in the environment, and where it is said to be it must be."""
    assert model_behind("http://127.0.0.1:1/v1", None, None)
    with pytest.raises(ConfigurationError, match="environment variable OTHER"):
        model_behind("http://127.0.0.1:1/v1", None, "OTHER")
    for variable, value in ((MODEL_KEY, "k 1"), ("OTHER", "k\n")):
        monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match="key"):
        model_behind("http://127.0.0.1:1/v1", None, "OTHER")
    assert model_behind("http://127.0.0.1:1/v1", "small", None)


def test_embeddings(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://127.0.0.1:1/v1"
    assert load_embeddings("", "", None) is None
    assert load_embeddings("", "kit:shout", None) is load("kit:shout", "function", "")
    assert repr(load_embeddings(url, "nomic", None)) == "<Embeddings nomic at http://127.0.0.1:1/v1>"
    with pytest.raises(ConfigurationError, match="--embeddings-url needs --embeddings-model"):
        load_embeddings(url, "", None)
    with pytest.raises(ConfigurationError, match="environment variable OTHER"):
        load_embeddings(url, "nomic", "OTHER")
    monkeypatch.setenv(EMBEDDINGS_KEY, "k\n")
    with pytest.raises(ConfigurationError, match="api_key"):
        load_embeddings(url, "nomic", None)
