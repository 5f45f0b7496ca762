"""Ask the engine what its own OpenAPI document allows, and what it does not: `make test-api`.

The document is validated; then schemathesis makes requests from it, good and bad ones, and sequences of them, and holds
the answers against it. Both are installed into .venv-api when they are not there yet. Which violations are meant, and
why, is in `scripts/api_checks.py`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistream.engine import Engine, ModelRequest, Scripted, calls, says
from assistream.engine.models.scripted import Turn
from scripts.environments import CannotInstall, prepare_python, program, python

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".venv-api"
PACKAGES = ["schemathesis==4.32.5", "openapi-spec-validator==0.9.0"]

KEY = "a key for this test alone"
# Ours have the same names as theirs, and stand for them (see `scripts/api_checks.py`).
THEIRS = "positive_data_acceptance,negative_data_rejection"

SEEDS = """
[[operations]]
include-name = ["GET /assistants/{{assistant_id}}/files", "GET /assistants/{{assistant_id}}/files/{{file_id}}"]
parameters = {{ "path.assistant_id" = "{assistant}", "path.file_id" = "{file}" }}
[[operations]]
include-name = [
    "POST /threads/{{thread_id}}/messages/{{message_id}}",
    "GET /threads/{{thread_id}}/messages/{{message_id}}/files",
    "GET /threads/{{thread_id}}/messages/{{message_id}}/files/{{file_id}}",
]
parameters = {{ "path.thread_id" = "{thread}", "path.message_id" = "{message}", "path.file_id" = "{file}" }}
[[operations]]
include-name = "GET /files/{{file_id}}/content"
parameters = {{ "path.file_id" = "{file}" }}
[[operations]]
include-name = [
    "GET /vector_stores/{{vector_store_id}}/files/{{file_id}}",
    "POST /vector_stores/{{vector_store_id}}/files/{{file_id}}",
    "GET /vector_stores/{{vector_store_id}}/files/{{file_id}}/content",
]
parameters = {{ "path.vector_store_id" = "{store}", "path.file_id" = "{file}" }}
[[operations]]
include-name = [
    "GET /vector_stores/{{vector_store_id}}/file_batches/{{batch_id}}",
    "GET /vector_stores/{{vector_store_id}}/file_batches/{{batch_id}}/files",
    "POST /vector_stores/{{vector_store_id}}/file_batches/{{batch_id}}/cancel",
]
parameters = {{ "path.vector_store_id" = "{store}", "path.batch_id" = "{batch}" }}
"""
"""Objects for operations whose paths no answer leads to."""


def model(request: ModelRequest) -> Turn | str:
    """Calls the first function, if there is one, and then answers."""
    asked = request.messages and request.messages[-1].role != "tool"
    names = [str(tool["function"]["name"]) for tool in request.tools]
    may_call = names and asked and request.tool_choice != "none"
    return calls(**{names[0]: dict[str, Any]()}) if may_call else says("All is well.", usage=(3, 4))


def seeds(base_url: str) -> str:
    """Makes the objects and names them for schemathesis."""
    headers = {"Authorization": f"Bearer {KEY}", "OpenAI-Beta": "assistants=v1"}
    with httpx.Client(base_url=base_url, headers=headers) as client:

        def post(path: str, **options: Any) -> str:
            return str(client.post(path, **options).raise_for_status().json()["id"])

        file = post("/files", files={"file": ("a.txt", b"content")}, data={"purpose": "assistants"})
        assistant = post("/assistants", json={"model": "any", "file_ids": [file]})
        thread = post("/threads")
        content = {"role": "user", "content": "Hello", "file_ids": [file]}
        message = post(f"/threads/{thread}/messages", json=content)
        client.headers["OpenAI-Beta"] = "assistants=v2"
        store = post("/vector_stores")
        batch = post(f"/vector_stores/{store}/file_batches", json={"file_ids": [file]})
    return SEEDS.format(file=file, assistant=assistant, thread=thread, message=message, store=store, batch=batch)


def validate(address: str, copy: Path) -> int:
    copy.write_bytes(httpx.get(address, headers={"Authorization": f"Bearer {KEY}"}).raise_for_status().content)
    command = [str(python(PLACE)), "-m", "openapi_spec_validator", str(copy)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode


def ask(version: str, examples: int, seed: int) -> int:
    """An exit code: whether the document is valid, and the engine as it says."""
    # Files of every purpose can be read back, or there would be none whose content can.
    with Engine(model=Scripted(model), api_key=KEY, open_files=True) as engine, tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "schemathesis.toml")
        config.write_text(seeds(engine.base_url), encoding="utf-8")
        document = f"{engine.base_url.removesuffix('/v1')}/openapi.json?version={version}"
        if failed := validate(document, Path(folder, "openapi.json")):
            return failed
        options = ["--url", engine.base_url, "--header", f"Authorization: Bearer {KEY}", "--exclude-checks", THEIRS]
        # They are beside /v1, which schemathesis takes all paths to be below.
        options += ["--exclude-path", "/health", "--exclude-path", "/metrics"]
        amount = ["--max-examples", str(examples), "--seed", str(seed), "--continue-on-failure"]
        command = [
            str(program(PLACE, "st")),
            "--config-file",
            str(config),
            "--no-color",
            "run",
            document,
            *options,
            *amount,
        ]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": "api_checks", "PYTHONPATH": str(ROOT / "scripts")}
        # In the folder: it leaves a cache of examples where it is run.
        return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--examples", type=int, default=100, help="of requests for each operation")
    parser.add_argument("--seed", type=int, default=1, help="chooses others")
    options = parser.parse_args(arguments)
    try:
        prepare_python(PLACE, PACKAGES)
    except CannotInstall as error:
        print(f"== FAILED: test-api, schemathesis cannot be installed: {error}")
        return 1
    for version in ("v2", "v1"):
        print(f"== the document of {version}", flush=True)
        if ask(version, options.examples, options.seed):
            print(f"== FAILED: test-api, in {version}")
            return 1
    print("== test-api: the engine is as its document says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
