"""The fixture as its users have it, whether or not the installation these tests run in knows the plugin."""

from __future__ import annotations

from assistream.pytest_plugin import assistants_server, pytest_runtest_makereport

__all__ = ["assistants_server", "pytest_runtest_makereport"]
