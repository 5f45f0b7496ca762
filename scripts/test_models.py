"""Ask real model servers: `make test-models`.

LiteLLM's proxy and llama-cpp-python's server are installed in .venv-models, each into an environment of its own, when
they are not there yet: some minutes, for the second one is compiled (it needs a C++ compiler). The tests are those of
tests/models_live. Nothing is asked beyond this machine, and the model is made on the spot.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts import environments

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
    return environments.python(PLACE / server)


def main() -> int:
    os.environ.setdefault("CMAKE_ARGS", CMAKE)
    try:
        for server, packages in REQUIREMENTS.items():
            environments.prepare_python(PLACE / server, packages)
    except environments.CannotInstall as error:
        print(f"== FAILED: test-models, {error}")
        return 1
    tests = subprocess.run([sys.executable, "-m", "pytest", "-q", "tests/models_live"], cwd=ROOT, check=False)
    servers = ", ".join(requirement for given in REQUIREMENTS.values() for requirement in given[:1])
    print(f"== {'FAILED: test-models, with' if tests.returncode else 'test-models: all is well with'} {servers}")
    return tests.returncode


if __name__ == "__main__":
    sys.exit(main())
