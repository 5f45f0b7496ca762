"""The real openai, beside the alias of its name: loaded as `assistream_real_openai`, when something of it is needed."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from operator import attrgetter
from types import CodeType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from .. import errors
from ..transport._async import AsyncTransport
from ..transport._sync import Transport
from ..transport.concurrency import async_key_to_send, key_to_send
from ..transport.connections import CLOSED
from ..transport.elsewhere import missing
from ..transport.settings import Settings, check_key
from ..types import base

INSTALLED_AS = "openai"
NAME = "assistream_real_openai"

NOT_INSTALLED = "assistream has no {!r}, and the package openai, which might, is not installed"

_WHOLE = re.compile(rb"^( *)import openai((?:\.\w+)+)$", re.MULTILINE)
_OTHER = re.compile(rb"^( *)(from|import) openai\b", re.MULTILINE)


GIVEN = "NotGiven", "Omit", "NOT_GIVEN", "not_given", "omit"
"""What says that nothing is said. A program has ours, and the real one must know it when it sees it."""

_clients: WeakKeyDictionary[Transport | AsyncTransport, tuple[Settings, Any]] = WeakKeyDictionary()
"""Those that were made for ours, with the settings that they were made from."""


def attribute(transport: Transport | AsyncTransport | None, path: str) -> Any:
    """What a client has not, by the path to it; or, where there is no transport, what our package has not."""
    real = package()
    if real is None:
        raise AttributeError(NOT_INSTALLED.format(path))
    if transport is None and not hasattr(real, path):
        raise missing("module 'assistream'", path)
    return attrgetter(path)(_client_for(transport, real) if transport else real)


def _client_for(transport: Transport | AsyncTransport, real: Any) -> Any:
    if transport.connections.is_closed:
        raise errors.UsageError(CLOSED)
    made_from, client = _clients.get(transport, (None, None))
    if made_from is not transport.settings:
        made_from, client = transport.settings, _client(transport, real)
        if not made_from.api_key:
            client._validate_headers = _any_headers
        _clients[transport] = made_from, client
    return client


def _any_headers(*headers: object) -> None:
    """A client of 3.x sends nothing without a key, and there are servers that want none."""


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
        _give(base, GIVEN, importlib.import_module(f"{NAME}._types"))
        _give(errors, errors.__all__, importlib.import_module(f"{NAME}._exceptions"))
        loader.exec_module(module)
    except BaseException:
        for name in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
            del sys.modules[name]
        raise
    finally:
        for name in errors.__all__:  # the package says of all it exports that it is at home there
            getattr(errors, name).__module__ = errors.__name__
    return module


def _give(ours: ModuleType, names: Sequence[str], module: ModuleType) -> None:
    """Ours for its own, before any other module takes them: a program catches `openai.RateLimitError` from both."""
    for name in names:
        if hasattr(module, name):
            setattr(module, name, getattr(ours, name))


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


def _client(transport: Transport | AsyncTransport, real: Any) -> Any:
    """A client of the real openai with these settings, and these connections where it uses the same httpx."""
    settings = transport.settings
    options: dict[str, Any] = {
        "api_key": _key(transport),
        "organization": settings.organization,
        "base_url": f"{settings.base_url}/",
        "max_retries": settings.max_retries,
        "default_headers": ({} if settings.api_key else {settings.key_header: base.omit})
        | {**settings.default_headers},
        "default_query": settings.default_query,
        "timeout": settings.timeout,
    }
    if getattr(real._base_client, "httpx", None) is httpx:
        options["http_client"] = transport.http
    elif isinstance(settings.timeout, httpx.Timeout):
        options["timeout"] = real.Timeout(**settings.timeout.as_dict())
    kind = ("Async" if isinstance(transport, AsyncTransport) else "") + ("Azure" if settings.azure else "")
    options |= _azure(settings, options) if settings.azure else {"project": settings.project}
    return getattr(real, f"{kind}OpenAI")(**options)


def _key(transport: Transport | AsyncTransport) -> str | Callable[[], object]:
    """The key, or a function of the right colour that is asked for it. It takes no client without a key."""
    given = transport.settings.api_key
    if not callable(given):
        return given or "none"

    def key() -> str:
        answer = key_to_send(given) or ""
        check_key(answer)
        return answer

    async def async_key() -> str:
        answer = await async_key_to_send(given) or ""
        check_key(answer)
        return answer

    return async_key if isinstance(transport, AsyncTransport) else key


def _azure(settings: Settings, options: dict[str, Any]) -> dict[str, Any]:
    """What is different for Azure. Its client looks for a deployment below an endpoint only."""
    different: dict[str, Any] = {"api_version": settings.default_query["api-version"]}
    if settings.key_header == "Authorization":
        token = options.pop("api_key")
        different["azure_ad_token_provider" if callable(token) else "azure_ad_token"] = token
    endpoint = settings.base_url.removesuffix("/openai")
    if endpoint != settings.base_url:
        del options["base_url"]
        different |= {"azure_endpoint": endpoint, "azure_deployment": settings.azure_deployment}
    return different
