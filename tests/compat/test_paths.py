"""What programs import from openai for this API, they find below the same path of assistream."""

from __future__ import annotations

import importlib
import json
from fnmatch import fnmatch

import pytest

from scripts.compat import EARLY, VERSIONS

from .conftest import run

# What is missing on purpose, by patterns of names. Modules of other APIs are listed in paths.py.
NOT_HERE = {
    "of another API": (
        "*Bedrock* *Computer* *ContentFilter* *DataResidency *LengthFinish* *WebSocket* *Webhook* Reconnecting*"
        " OAuthError lib.ResponseFormatT lib.beta pagination.*Conversation* pagination.*Next* pagination.*Token*"
        " types.Image *AllModels *all_models *CustomTool* *custom_tool* *OAuthErrorCode *oauth_error_code *Reasoning"
        " *reasoning *TextGrammar *TextPython *text_grammar *text_python *.Misalignment*"
    ),
    "what a module needs for itself": (
        "lib.azure.API_KEY_SENTINEL lib.azure.BaseAzureClient lib.azure.DEFAULT_MAX_RETRIES lib.azure.Headers"
        " lib.azure.MutuallyExclusiveAuthError lib.azure.NOT_GIVEN lib.azure.Query"
    ),
    "clients over httpx2, which are not taken": "DefaultHttpx2Client DefaultAsyncHttpx2Client",
}


@pytest.mark.parametrize("version", [*VERSIONS, EARLY])
def test_the_same_paths(version: str) -> None:
    missing: list[str] = []
    for module, *names in map(json.loads, run(version, "paths.py")):
        missing += absent(module, names)
    patterns = [f"openai.{name}" for names in NOT_HERE.values() for name in names.split()]
    assert [name for name in missing if not any(fnmatch(name, pattern) for pattern in patterns)] == []


def absent(module: str, names: list[str]) -> list[str]:
    try:
        ours = importlib.import_module("assistream" + module.removeprefix("openai"))
    except ImportError:
        return [module]
    return [f"{module}.{name}" for name in names if not hasattr(ours, name)]
