"""Ask real model servers: `make test-models`.

LiteLLM's proxy and llama-cpp-python's server are installed in .venv-models, each into an environment of its own, when
they are not there yet: some minutes, for the second one is compiled (it needs a C++ compiler). The tests are those of
tests/models_live. Nothing is asked beyond this machine, and the model is made on the spot.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".venv-models"

LITELLM, LLAMA = "litellm", "llama-cpp-python"
REQUIREMENTS = {
    LITELLM: ["litellm[proxy]==1.106.2"],
    LLAMA: ["llama-cpp-python[server]==0.3.36", "gguf==0.19.0"],
}
# What the tiny model does not need takes most of the time to compile.
CMAKE = "-DLLAVA_BUILD=OFF -DLLAMA_CURL=OFF -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF"


def python(server: str) -> Path:
    """The interpreter of this server's environment."""
    return PLACE / server / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(server: str) -> None:
    """Make this server's environment, unless it is ready."""
    if is_ready(server):
        return
    place = PLACE / server
    print(f"== making {place.relative_to(PLACE.parent)} with {', '.join(REQUIREMENTS[server])}", flush=True)
    venv.create(place, clear=True, with_pip=True)
    # Quiet twice: where an index of packages does not have them all, pip warns of each one.
    pip = [str(python(server)), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    environment = {"CMAKE_ARGS": CMAKE} | os.environ
    subprocess.run([*pip, *REQUIREMENTS[server]], check=True, env=environment)
    _stamp(server).write_text(_made_for(server), encoding="utf-8")


def is_ready(server: str) -> bool:
    stamp = _stamp(server)
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _made_for(server)


def _stamp(server: str) -> Path:
    return PLACE / server / "assistream-ready"


def _made_for(server: str) -> str:
    """What an environment depends on. It holds its own path, so one that was moved with its checkout is of no use."""
    return "\n".join([str(PLACE / server), sys.version, *REQUIREMENTS[server]])


def main() -> int:
    for server in REQUIREMENTS:
        try:
            prepare(server)
        except subprocess.CalledProcessError as error:
            print(f"== FAILED: test-models, pip could not install {server} (exit code {error.returncode})")
            return 1
    tests = subprocess.run([sys.executable, "-m", "pytest", "-q", "tests/models_live"], cwd=ROOT, check=False)
    servers = ", ".join(requirement for given in REQUIREMENTS.values() for requirement in given[:1])
    print(f"== {'FAILED: test-models, with' if tests.returncode else 'test-models: all is well with'} {servers}")
    return tests.returncode


if __name__ == "__main__":
    sys.exit(main())
