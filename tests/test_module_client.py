from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import assistream
from assistream import AzureOpenAI, ConfigurationError, module_client

from .frames import thread
from .wire import Wire, answer


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (
        "ASSISTREAM_BASE_URL",
        "OPENAI_BASE_URL",
        "OPENAI_API_KEY",
        "OPENAI_API_TYPE",
        "AZURE_OPENAI_ENDPOINT",
    ):
        monkeypatch.delenv(name, raising=False)
    yield
    module_client.reset()


def test_settings_of_the_package(server: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    server.add(answer(thread()), times=3)
    monkeypatch.setattr(assistream, "base_url", server.url)
    monkeypatch.setattr(assistream, "api_key", "one")
    assistream.beta.threads.retrieve("thread_1")
    assert assistream.beta is assistream.beta
    monkeypatch.setattr(assistream, "api_key", "two")
    monkeypatch.setattr(assistream, "default_headers", {"X-Mine": "1"})
    assistream.beta.threads.retrieve("thread_1")
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer one", "Bearer two"]
    assert [request.headers.get("x-mine") for request in server.requests] == [None, "1"]


def test_changes_leave_nothing_behind(server: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    server.add(answer(thread()), times=99)
    kept = None
    for number in range(10):
        monkeypatch.setattr(assistream, "api_key", f"key{number}")
        monkeypatch.setattr(assistream, "base_url", f"{server.url}/{number % 2}")
        assistream.beta.threads.retrieve("thread_1")
        kept = kept or weakref.ref(module_client.client())
    assert len(server.connections) == 1
    gc.collect()
    assert kept is not None
    assert kept() is None


def test_what_is_held_goes_on(server: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    server.add(answer(thread()), times=2)
    monkeypatch.setattr(assistream, "base_url", server.url)
    monkeypatch.setattr(assistream, "api_key", "one")
    held = assistream.beta.threads
    monkeypatch.setattr(assistream, "api_key", "two")
    assistream.beta.threads.retrieve("thread_1")
    held.retrieve("thread_1")
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer two", "Bearer one"]


def test_connections_of_the_programs_own(server: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    server.add(answer(thread()), times=3)
    http = httpx.Client(headers={"X-Mine": "1"})
    monkeypatch.setattr(assistream, "base_url", server.url)
    assistream.beta.threads.retrieve("thread_1")
    monkeypatch.setattr(assistream, "http_client", http)
    assistream.beta.threads.retrieve("thread_1")
    monkeypatch.setattr(assistream, "api_key", "two")
    assistream.beta.threads.retrieve("thread_1")
    assert [request.headers.get("x-mine") for request in server.requests] == [None, "1", "1"]
    module_client.reset()
    assert http.is_closed


def test_without_an_address() -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        _ = assistream.beta


@pytest.mark.parametrize("told", [{"api_type": "azure"}, {}])
def test_azure(monkeypatch: pytest.MonkeyPatch, told: dict[str, str]) -> None:
    settings = {"azure_endpoint": "http://127.0.0.1:1", "api_version": "v", "api_key": "k", **told}
    for name, value in settings.items():
        monkeypatch.setattr(assistream, name, value)
    assert isinstance(module_client.client(), AzureOpenAI)


def test_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match=r"module 'assistream' has no attribute 'chat': .* package openai"):
        _ = assistream.chat  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue] -- what is tested
    with pytest.raises(AttributeError, match=r"no attribute 'nonsense'$"):
        _ = assistream.nonsense  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue] -- what is tested


def test_importing_the_package_imports_little(tmp_path: Path) -> None:
    program = (
        "import assistream, sys; print(*{'httpx', 'pydantic', 'anyio'} & sys.modules.keys()); assistream.types.Run"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "\n"


def test_dir_names_everything() -> None:
    assert set(assistream.__all__) <= set(dir(assistream))
