from __future__ import annotations

import inspect

import pytest

from assistream.cli.serve import serve

from .conftest import Command, complaint, said


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--port", "65536", "'65536' is not a port"),
        ("--port", "http", "'http' is not a port"),
        ("--run-ttl", "inf", "'inf' is not a number of seconds"),
        ("--run-ttl", "soon", "'soon' is not a number of seconds"),
        ("--busy", "wait", "'wait' is not reject, queue or interrupt"),
        ("--max-runs", "many", "'many' is not a number of runs"),
        ("--max-queued", "-1", "'-1' is not a number of runs"),
        ("--drain", "-1", "'-1' is not a number of seconds"),
        ("--cancel-on-disconnect", "maybe", "'maybe' is not yes or no"),
        ("--api-key", "first, ", "one of the API keys is empty"),
        ("--api-key", ",", "one of the API keys is empty"),
        ("--access-log", "maybe", "'maybe' is not yes or no"),
        ("--log-format", "xml", "'xml' is not text or json"),
        ("--log-level", "loud", "'loud' is not debug, info, warning or error"),
        ("--host", "127.0.0.1\n", "'--host' (env var: 'ASSISTREAM_HOST'): it has characters that cannot be in it"),
        ("--api-key", "k\n", "'--api-key' (env var: 'ASSISTREAM_API_KEY'): it has characters that cannot be in it"),
        ("--max-upload", "0", "'0' is not a number of bytes"),
        ("--max-upload", "1e9", "'1e9' is not a number of bytes"),
        ("--open-files", "maybe", "'maybe' is not yes or no"),
        ("--code-interpreter", "maybe", "'maybe' is not yes or no"),
        ("--code-seconds", "0", "'0' is not a number of seconds"),
        ("--code-memory", "1G", "'1G' is not a number of bytes"),
        ("--code-kernels", "0", "'0' is not a number of threads"),
    ],
)
def test_what_cannot_be_is_one_line(command: Command, option: str, value: str, says: str) -> None:
    assert says in complaint(command("serve", option, value))


def test_a_setting_of_the_environment_that_is_wrong(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTREAM_RUN_TTL", "-1")
    assert "--run-ttl" in (said := complaint(command("serve")))
    assert "'-1' is not a number of seconds" in said


def test_help(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    told = said(command("serve", "--help"))
    for name in inspect.signature(serve).parameters:
        assert f"[env var: ASSISTREAM_{name.upper()}]" in told
