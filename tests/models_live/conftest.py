"""Real model servers, each a program of its own in its own environment, for all tests of this directory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from scripts.test_models import LITELLM, LLAMA, REQUIREMENTS, python

HERE = Path(__file__).resolve().parent
KEY = "sk-of-the-proxy"
STARTING = 120.0  # seconds a server may take


def pytest_configure() -> None:
    missing = [server for server in REQUIREMENTS if not python(server).exists()]
    if missing:
        pytest.exit(f"no environment with {' and '.join(missing)}: run `make test-models`", returncode=1)


@contextmanager
def _serving(directory: Path, server: str, *command: str, **environment: str) -> Generator[str]:
    """A server on a free port, as soon as it answers; what it says is in a file of the directory."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--host", "127.0.0.1", "--port", str(port)]
    log = directory / f"{server}.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [str(python(server)), *command, *options],
            cwd=directory,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    with process:
        try:
            _wait(process, url := f"http://127.0.0.1:{port}/v1", log)
            yield url
        finally:
            process.kill()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    limit = time.monotonic() + STARTING
    while time.monotonic() < limit and process.poll() is None:
        try:
            if httpx.get(f"{url}/models", headers={"authorization": f"Bearer {KEY}"}, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    pytest.fail(f"{url} does not answer:\n{log.read_text(errors='replace')[-3000:]}", pytrace=False)


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """llama-cpp-python's server with a model that babbles."""
    directory = tmp_path_factory.mktemp("llama")
    subprocess.run([str(python(LLAMA)), str(HERE / "tiny_model.py"), "tiny.gguf"], cwd=directory, check=True)
    command = ["-m", "llama_cpp.server", "--model", "tiny.gguf", "--n_ctx", "1024", "--seed", "1"]
    with _serving(directory, LLAMA, *command) as url:
        yield url


@pytest.fixture(scope="session")
def litellm(llama: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """LiteLLM's proxy: before that server, and with answers of its own."""
    directory = tmp_path_factory.mktemp("litellm")
    models: Mapping[str, Mapping[str, str]] = {
        "tiny": {"model": "openai/tiny", "api_base": llama, "api_key": "none"},
        "hello": {"model": "openai/none", "api_key": "none", "mock_response": "Hello from the proxy."},
        "limited": {"model": "openai/none", "api_key": "none", "mock_response": "litellm.RateLimitError"},
    }
    listed = [{"model_name": name, "litellm_params": options} for name, options in models.items()]
    settings = {"model_list": listed, "general_settings": {"master_key": KEY}}
    (directory / "config.yaml").write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    offline = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False"}
    command = str(python(LITELLM).with_name("litellm"))
    with _serving(directory, LITELLM, command, "--config", "config.yaml", **offline) as url:
        yield url
