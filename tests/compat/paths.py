"""Print what can be imported from openai and below it for this API, as JSON: a line ``[module, name, ...]`` for each.

Run by the Python that has the client. A name counts that a module defines or says it exports, not what it only uses;
of packages that several APIs share, the names of this one.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import typing
from collections.abc import Iterator
from fnmatch import fnmatch
from types import ModuleType

# What other APIs have in the package, and in its types, resources and lib.
OTHER_APIS = (
    "admin agents audio* auth batch* bedrock browser chat cli completion* computer container* content_provenance*"
    " conversation* create_embedding* decision* deleted_skill embedding* eval* fine_tun* graders helpers image* live*"
    " moderation* providers realtime* responses* safety skill* tool_diagnostics upload* video* webhook* websocket*"
).split()
# And what of openai.types.beta and openai.resources.beta is of this one.
THIS_BETA = (
    "assistant* beta code_interpreter* file_search* function_tool* retrieval_tool* thread* vector_store*".split()
)
SHARED_ROOMS = ("types", "resources", "lib")


def in_scope(dotted: str) -> bool:
    """Whether a module, by its name below openai, is for this API; private ones are nobody's."""
    room, *rest = dotted.split(".")
    if any(part.startswith("_") for part in (room, *rest)):
        return False
    if room in SHARED_ROOMS and rest[:1] == ["beta"] and room != "lib":
        return not rest[1:] or any(fnmatch(rest[1], pattern) for pattern in THIS_BETA)
    names = rest if room in SHARED_ROOMS else [room]
    return not any(fnmatch(name, pattern) for name in names for pattern in OTHER_APIS)


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for _, name, is_package in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if in_scope(name.partition(".")[2]):
            module = importlib.import_module(name)
            yield module
            if is_package:
                yield from modules(module)


def exported(module: ModuleType) -> list[str]:
    """What the module says it exports, or else the names of classes and types in it: in a package, of its modules."""
    package = module.__name__ if hasattr(module, "__path__") else ""
    camel = [
        name
        for name, value in vars(module).items()
        if name[0].isupper() and name not in vars(typing) and _is_at_home(value, package or module.__name__)
    ]
    names: list[str] = getattr(module, "__all__", camel)
    return sorted(names)


def _is_at_home(value: object, where: str) -> bool:
    return not isinstance(value, type) or value.__module__.startswith(where)


def main(client: str) -> None:
    root = importlib.import_module(client)
    told = {module.__name__: exported(module) for module in modules(root)}
    plain = {name for module, names in told.items() if not hasattr(sys.modules[module], "__path__") for name in names}
    for module, names in told.items():
        shared = hasattr(sys.modules[module], "__path__") and not module.startswith(f"{client}.lib")
        print(json.dumps([module, *(name for name in names if not shared or name in plain)]))
    print(json.dumps([client, *exported(root)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
