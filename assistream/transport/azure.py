"""What is different about Azure: where the API is, and how one says who one is."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from ..errors import ConfigurationError
from .settings import ClientOptions, Key, Settings, environment

NO_KEY = (
    "Azure wants to know who asks: pass api_key=..., azure_ad_token=... or azure_ad_token_provider=..., or set "
    "AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN."
)
NO_VERSION = "Azure wants to know which API is meant: pass api_version=..., or set OPENAI_API_VERSION."
NO_ENDPOINT = "Where is the server? Pass azure_endpoint=... (or base_url=...), or set AZURE_OPENAI_ENDPOINT."
TWO_ADDRESSES = "azure_endpoint and base_url both say where the server is: pass one of them."
TWO_KEYS = "api_key, azure_ad_token and azure_ad_token_provider all say who asks: pass one of them."


class AzureOptions(ClientOptions, total=False):
    """What a client for Azure is made from, besides the options of every client."""

    azure_endpoint: str | None
    """Such as ``https://my-resource.openai.azure.com``; from AZURE_OPENAI_ENDPOINT."""

    azure_deployment: str | None
    """Kept as `azure_deployment`. The Assistants API is the same for all deployments, whose names are given as
    `model`."""

    api_version: str | None
    """Sent with every request; from OPENAI_API_VERSION."""

    azure_ad_token: str | None
    """A token of Microsoft Entra ID, sent as ``Authorization: Bearer``; from AZURE_OPENAI_AD_TOKEN."""

    azure_ad_token_provider: Key | None
    """A function that is asked for such a token before each request."""


def general(options: AzureOptions) -> ClientOptions:
    """The options of an ordinary client that make it one for Azure, but for the header of its key."""
    version = options.get("api_version") or environment("OPENAI_API_VERSION")
    if not version:
        raise ConfigurationError(NO_VERSION)
    result = {name: value for name, value in options.items() if name in ClientOptions.__annotations__}
    result["base_url"] = options.get("base_url") or f"{_endpoint(options)}/openai"
    if options.get("base_url") and options.get("azure_endpoint"):
        raise ConfigurationError(TWO_ADDRESSES)
    result["api_key"] = _who(options)
    result["default_query"] = {"api-version": version, **(options.get("default_query") or {})}
    return cast(ClientOptions, result)


def particular(settings: Settings, options: AzureOptions) -> Settings:
    """What an ordinary client has no option for."""
    header = "Authorization" if _token(options) else "api-key"
    return replace(settings, key_header=header, azure=True, azure_deployment=options.get("azure_deployment"))


def _endpoint(options: AzureOptions) -> str:
    endpoint = options.get("azure_endpoint") or environment("AZURE_OPENAI_ENDPOINT")
    if not endpoint:
        raise ConfigurationError(NO_ENDPOINT)
    return endpoint.rstrip("/")


def _who(options: AzureOptions) -> Key:
    given = [options.get("api_key"), options.get("azure_ad_token"), options.get("azure_ad_token_provider")]
    if sum(map(bool, given)) > 1:
        raise ConfigurationError(TWO_KEYS)
    key = _token(options) or options.get("api_key") or environment("AZURE_OPENAI_API_KEY")
    if not key:
        raise ConfigurationError(NO_KEY)
    return key


def _token(options: AzureOptions) -> Key | None:
    token = options.get("azure_ad_token_provider") or options.get("azure_ad_token")
    if token or options.get("api_key") or environment("AZURE_OPENAI_API_KEY"):
        return token
    return environment("AZURE_OPENAI_AD_TOKEN")
