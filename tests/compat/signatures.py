"""Print the parameters of every method of a client, as JSON: a line ``[method, [name, may be positional], ...]`` each.

Run by the Python that has the client.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from operator import attrgetter
from typing import Any

RESOURCES = (
    "beta.assistants beta.threads beta.threads.messages beta.threads.runs beta.threads.runs.steps files models"
    " vector_stores vector_stores.files vector_stores.file_batches"
).split()
PLAIN = inspect.Parameter.POSITIONAL_OR_KEYWORD


def main(client: str) -> None:
    made: Any = importlib.import_module(client).OpenAI(api_key="key", base_url="http://127.0.0.1:1/v1")
    for path in RESOURCES:
        resource = attrgetter(path)(made)
        kind: Any = resource.__class__
        for name in dir(kind):
            if name.startswith(("_", "with_")) or not inspect.isfunction(getattr(kind, name)):
                continue
            parameters = inspect.signature(getattr(resource, name)).parameters.values()
            print(json.dumps([f"{path}.{name}", *([each.name, each.kind is PLAIN] for each in parameters)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
