"""Print what can be imported from openai and below it for this API, as JSON: a line ``[module, name, ...]`` for each.

Run by the Python that has the client. A name counts that a module defines or says it exports, not what it only uses.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import typing
from types import ModuleType

BELOW_TYPES = (
    *("beta.assistant", "beta.thread", "beta.function", "beta.code", "beta.file_search", "beta.vector_store"),
    *(
        "file",
        "vector_store",
        "model",
        "static",
        "auto_file",
        "other_file",
        "shared.metadata",
        "shared_params.metadata",
    ),
    *("shared.function", "shared.response_format_text", "shared.response_format_json"),
)
PACKAGES = ["types", "types.beta", "types.beta.threads", "types.beta.threads.runs"]
BESIDES = ["pagination", "lib.streaming"]


def exported(module: ModuleType) -> list[str]:
    """What the module says it exports, or else the names of classes and types in it: in a package, of its modules."""
    camel = [name for name in vars(module) if name[0].isupper() and name not in vars(typing)]
    names: list[str] = getattr(module, "__all__", camel)
    return sorted(names)


def modules(client: str) -> list[ModuleType]:
    types = importlib.import_module(f"{client}.types")
    wanted = tuple(f"{types.__name__}.{name}" for name in BELOW_TYPES)
    found = [name for _, name, _ in pkgutil.walk_packages(types.__path__, f"{types.__name__}.")]
    return [importlib.import_module(name) for name in found if name.startswith(wanted)]


def main(client: str) -> None:
    told = {module.__name__: exported(module) for module in modules(client)}
    ours = {name for names in told.values() for name in names}
    for package in PACKAGES:  # which have the names of other APIs too
        name = f"{client}.{package}"
        told[name] = sorted(ours & set(exported(importlib.import_module(name))))
    for module in BESIDES:
        told[f"{client}.{module}"] = exported(importlib.import_module(f"{client}.{module}"))
    for module, names in told.items():
        print(json.dumps([module, *names]))


if __name__ == "__main__":
    main(*sys.argv[1:])
