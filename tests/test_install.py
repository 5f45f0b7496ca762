"""`compat.install` with a made-up openai, so that no package is needed; `make compat` has the real one."""

from __future__ import annotations

import importlib
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

import assistream
from assistream import (
    AsyncAzureOpenAI,
    AsyncOpenAI,
    AzureOpenAI,
    Client,
    ConfigurationError,
    RateLimitError,
    UsageError,
    compat,
)
from assistream.compat import real

HERE = "http://127.0.0.1:1/v1"

PACKAGE = {
    "__init__.py": """
        from ._exceptions import LengthError, RateLimitError
        from ._client import OpenAI, AsyncOpenAI, AzureOpenAI, AsyncAzureOpenAI
        from . import _base_client
        for one in (LengthError, RateLimitError):
            one.__module__ = "openai"
    """,
    "_base_client.py": "import httpx",
    "_exceptions.py": """
        class RateLimitError(Exception): ...
        class LengthError(Exception): ...
    """,
    "_client.py": """
        class Place:
            def __init__(self, name, client): self.chat, self.realtime, self.beta = name, name, self
        class OpenAI:
            def __init__(self, **options): self.options = options
            @property
            def with_raw_response(self): return Place("raw", self)
            with_streaming_response = beta = with_raw_response
            @property
            def chat(self):
                import openai._chat
                from openai.types.chat import Completion
                return openai._chat.Chat(self, Completion)
        class AsyncOpenAI(OpenAI): ...
        class AzureOpenAI(OpenAI): ...
        class AsyncAzureOpenAI(OpenAI): ...
    """,
    "_types.py": """
        class NotGiven: ...
        class Omit: ...
        NOT_GIVEN, omit = NotGiven(), Omit()
    """,
    "_models.py": """
        from ._types import NOT_GIVEN, NotGiven, Omit, omit
        class Options: ...
    """,
    "_utils.py": "def is_given(value): ...",
    "cli.py": "def main(): ...",
    "_chat.py": """
        from ._exceptions import RateLimitError
        class Chat:
            def __init__(self, client, completion): self.client, self.completion = client, completion
            def create(self): raise RateLimitError.__new__(RateLimitError)
    """,
    "types/__init__.py": "class Completion: ...",
    "types/chat.py": "class Completion: ...",
}


@pytest.fixture
def real_openai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, source in PACKAGE.items():
        path = tmp_path / "openai" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        lines = source.splitlines()
        path.write_text("\n".join(line.removeprefix(" " * 8) for line in lines))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    importlib.invalidate_caches()
    return tmp_path


@pytest.fixture
def without_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    def package() -> None: ...

    monkeypatch.setattr(real, "package", package)


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    known = set(sys.modules)
    compat.install()
    yield
    compat.uninstall()
    for name in [name for name in set(sys.modules) - known if name.startswith((real.NAME, "openai"))]:
        del sys.modules[name]
    if real._finder in sys.meta_path:
        sys.meta_path.remove(real._finder)


def made(kind: Any = Client, **options: Any) -> Any:
    """A client, as those see it who know more attributes than its class has."""
    return kind(base_url=HERE, api_key="k", **options)


def load(name: str) -> Any:
    return importlib.import_module(name)


@pytest.mark.usefixtures("without_openai")
def test_openai_is_assistream() -> None:
    assert load("openai") is assistream
    assert load("openai").OpenAI is Client
    for name in ("types.beta.threads.run", "types.beta", "lib.streaming", "lib.azure", "pagination", "resources"):
        assert load(f"openai.{name}") is load(f"assistream.{name}")
    assert load("openai._types").NOT_GIVEN is assistream.NOT_GIVEN
    assert load("openai._exceptions").RateLimitError is RateLimitError
    assert assistream.__spec__ is not None
    assert assistream.__spec__.name == assistream.__name__ == "assistream"


@pytest.mark.usefixtures("without_openai")
def test_what_nobody_has() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"openai\.types\.chat"):
        load("openai.types.chat")
    with made() as client, pytest.raises(AttributeError, match="'chat', and the package openai"):
        _ = client.chat
    with pytest.raises(AttributeError, match="LengthError"):
        _ = load("openai").LengthError


def test_the_rest_is_the_real_one(real_openai: Path) -> None:
    with made(organization="o", max_retries=5, timeout=3) as client:
        chat = client.chat
        assert chat.completion is load("openai.types.chat").Completion
        assert chat.client is client.chat.client
        options = chat.client.options
        assert (options["base_url"], options["api_key"], options["organization"]) == (f"{HERE}/", "k", "o")
        assert (options["max_retries"], options["timeout"]) == (5, 3)
        assert options["http_client"] is client._transport.http
        assert client.with_options(max_retries=1).chat.client.options["max_retries"] == 1
        with pytest.raises(AttributeError, match=r"no attribute 'nonsense'$"):
            _ = client.nonsense
    assert load("openai").LengthError.__name__ == "LengthError"
    with pytest.raises(AttributeError, match=r"no attribute 'nonsense'$"):
        _ = load("openai").nonsense


def test_its_errors_are_ours(real_openai: Path) -> None:
    with made() as client, pytest.raises(RateLimitError):
        client.chat.create()
    assert RateLimitError.__module__ == "assistream.errors"
    assert pickle.loads(pickle.dumps(RateLimitError)) is RateLimitError


@pytest.mark.parametrize("kind", [AsyncOpenAI, AzureOpenAI, AsyncAzureOpenAI])
def test_every_client_has_its_counterpart(real_openai: Path, kind: Any) -> None:
    options = {} if kind is AsyncOpenAI else {"api_version": "v"}
    other = made(kind, **options).chat.client
    assert type(other).__name__ == ("AsyncOpenAI" if kind is AsyncOpenAI else kind.__name__)
    assert other.options.get("api_version") == options.get("api_version")


def test_azure_tokens_are_handed_on(real_openai: Path) -> None:
    with AzureOpenAI(base_url=HERE, api_version="v", azure_ad_token="t") as azure:
        client = cast(Any, azure)
        assert client.chat.client.options["azure_ad_token"] == "t"


def test_a_deployment_is_handed_on(real_openai: Path) -> None:
    options: dict[str, Any] = {"api_version": "v", "azure_deployment": "d", "api_key": "k"}
    with AzureOpenAI(azure_endpoint="http://127.0.0.1:1", **options) as azure:
        handed = cast(Any, azure).chat.client.options
    assert (handed["azure_endpoint"], handed["azure_deployment"]) == ("http://127.0.0.1:1", "d")
    assert "base_url" not in handed
    with AzureOpenAI(base_url=HERE, **options) as azure:
        assert cast(Any, azure).chat.client.options["base_url"] == f"{HERE}/"


@pytest.mark.parametrize("kind", [Client, AsyncOpenAI])
def test_what_views_have_not_is_handed_on_too(real_openai: Path, kind: Any) -> None:
    client = made(kind)
    views = [client, client.with_raw_response, client.with_streaming_response]
    assert [view.chat for view in views[1:]] == ["raw", "raw"]
    assert [view.beta.realtime for view in views] == ["raw"] * 3
    with pytest.raises(AttributeError, match=r"'Beta' object has no attribute 'nonsense'$|'AsyncBeta'"):
        _ = client.beta.nonsense


def test_what_is_set_later_counts(real_openai: Path) -> None:
    with made() as client:
        first = client.chat.client
        assert client.chat.client is first
        client.api_key = "other"
        assert client.chat.client.options["api_key"] == "other"
        client.base_url = "http://127.0.0.1:2"
        assert client.chat.client.options["base_url"] == "http://127.0.0.1:2/"
    with pytest.raises(UsageError, match="closed"):
        _ = client.chat


def test_without_a_key_none_is_sent(real_openai: Path) -> None:
    with made() as client:
        client.api_key = None
        assert client.chat.client.options["default_headers"] == {"Authorization": assistream.omit}


@pytest.mark.anyio
async def test_a_key_that_is_asked_for_has_the_colour_of_the_client(real_openai: Path) -> None:
    with Client(base_url=HERE, api_key=lambda: "k") as client:
        assert cast(Any, client).chat.client.options["api_key"]() == "k"
    async with AsyncOpenAI(base_url=HERE, api_key=lambda: "bad\n") as other:
        with pytest.raises(ConfigurationError):
            await cast(Any, other).chat.client.options["api_key"]()


def test_what_our_modules_have_not_comes_from_the_real_ones(real_openai: Path) -> None:
    assert load("openai.types").Completion.__module__ == f"{real.NAME}.types"
    assert load("openai.types").Run is assistream.types.Run
    assert load("openai._models").Options.__module__ == f"{real.NAME}._models"
    assert load("openai._models").BaseModel is assistream.types.BaseModel
    assert load("openai._utils").is_given.__module__ == f"{real.NAME}._utils"
    assert load("openai.cli").main.__module__ == f"{real.NAME}.cli"
    with pytest.raises(AttributeError, match=r"'assistream\.types' has no attribute 'Nonsense'"):
        _ = load("openai.types").Nonsense
    compat.uninstall()
    assert not hasattr(assistream.types, "Completion")


def test_what_says_that_nothing_is_said_is_the_same(real_openai: Path) -> None:
    with made() as client:
        _ = client.chat
    theirs = load(f"{real.NAME}._models")
    assert (theirs.NOT_GIVEN, theirs.omit) == (assistream.NOT_GIVEN, assistream.omit)
    assert (theirs.NotGiven, theirs.Omit) == (assistream.NotGiven, assistream.Omit)


@pytest.mark.usefixtures("without_openai")
def test_its_command_line_is_not_ours() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"openai\.cli"):
        load("openai.cli")


def test_uninstalling_leaves_nothing(real_openai: Path) -> None:
    compat.install()
    load("openai.types.chat")
    compat.uninstall()
    compat.uninstall()
    assert not hasattr(assistream.types, "chat")
    assert load("openai").__file__ == str(real_openai / "openai" / "__init__.py")
    with made() as client, pytest.raises(AttributeError, match=r"compat\.install"):
        _ = client.responses


def test_what_was_imported_before_comes_back(real_openai: Path) -> None:
    compat.uninstall()
    before = load("openai")
    compat.install()
    assert load("openai") is assistream
    compat.uninstall()
    assert load("openai") is before


def test_a_program_one_may_not_edit(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import openai, sys\nprint(openai.__title__, __name__, sys.argv[1:])\n")
    command = [sys.executable, "-W", "error", "-m", "assistream.compat", str(program), "--flag"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "assistream __main__ ['--flag']\n"
