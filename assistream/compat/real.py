"""The real openai, beside the alias of its name: loaded as `assistream_real_openai`, when something of it is needed."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from types import CodeType, ModuleType
from typing import Any, cast

import httpx

from .. import client as clients
from .. import errors

INSTALLED_AS = "openai"
NAME = "assistream_real_openai"

NOT_INSTALLED = "assistream has no {!r}, and the package openai, which might, is not installed"

_WHOLE = re.compile(rb"^( *)import openai((?:\.\w+)+)$", re.MULTILINE)
_OTHER = re.compile(rb"^( *)(from|import) openai\b", re.MULTILINE)


def attribute(client: Any, name: str) -> Any:
    """What a client has not; or, where `client` is None, what our package has not."""
    real = package()
    if real is None:
        raise AttributeError(NOT_INSTALLED.format(name))
    if client is None and not hasattr(real, name):
        raise clients.missing("module 'assistream'", name)
    return getattr(_kept(real, client) if client else real, name)


def _kept(real: Any, client: Any) -> object:
    made = cast("dict[str, object]", client.__dict__)
    if "_real" not in made:
        made["_real"] = _client(real, client)
    return made["_real"]


def package() -> ModuleType | None:
    """The real openai, if it is installed."""
    if NAME in sys.modules:
        return sys.modules[NAME]
    found = PathFinder.find_spec(INSTALLED_AS)
    if found is None or found.origin is None:
        return None
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    return _load(found.origin, list(found.submodule_search_locations or ()))


def _load(origin: str, places: list[str]) -> ModuleType:
    loader = _Loader(NAME, origin)
    spec = spec_from_file_location(NAME, origin, loader=loader, submodule_search_locations=places)
    assert spec is not None
    module = sys.modules[NAME] = module_from_spec(spec)
    try:
        _give_errors(importlib.import_module(f"{NAME}._exceptions"))
        loader.exec_module(module)
    except BaseException:
        for name in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
            del sys.modules[name]
        raise
    finally:
        for name in errors.__all__:  # the package says of all it exports that it is at home there
            getattr(errors, name).__module__ = errors.__name__
    return module


def _give_errors(module: ModuleType) -> None:
    """Ours for its own, before any other module takes them: a program catches `openai.RateLimitError` from both."""
    for name in errors.__all__:
        if hasattr(module, name):
            setattr(module, name, getattr(errors, name))


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname.startswith(f"{NAME}.") else None
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    """Reads `import openai` in the package's own modules as an import of what it is called here."""

    def get_code(self, fullname: str) -> CodeType | None:
        source = self.get_data(self.path)
        renamed = _OTHER.sub(rb"\1\2 " + NAME.encode(), _WHOLE.sub(_both(NAME.encode()), source))
        return super().get_code(fullname) if renamed == source else self.source_to_code(renamed, self.path)


def _both(name: bytes) -> bytes:
    """``import a.b`` binds `a`: a replacement that imports the one and binds the other."""
    return rb"\1import " + name + rb"\2; import " + name + rb" as openai"


_finder = _Finder()


def _client(real: Any, client: Any) -> Any:
    """A client of the real openai with these settings, and these connections where it uses the same httpx."""
    settings = client._settings
    options: dict[str, Any] = {
        "api_key": settings.api_key or "none",
        "organization": settings.organization,
        "base_url": str(client.base_url),
        "max_retries": settings.max_retries,
        "default_headers": settings.default_headers,
        "default_query": settings.default_query,
    }
    if getattr(real._base_client, "httpx", None) is httpx:
        options |= {"http_client": client._transport.http, "timeout": settings.timeout}
    colour = "Async" if isinstance(client, clients.AsyncClient) else ""
    if not isinstance(client, clients.AzureOpenAI | clients.AsyncAzureOpenAI):
        return getattr(real, f"{colour}OpenAI")(project=settings.project, **options)
    options["api_version"] = settings.default_query["api-version"]
    if settings.key_header == "Authorization":
        token = options.pop("api_key")
        options["azure_ad_token_provider" if callable(token) else "azure_ad_token"] = token
    return getattr(real, f"{colour}AzureOpenAI")(**options)
