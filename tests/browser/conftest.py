"""A real browser, Chromium, with the playground of a real engine; it is let to reach that engine, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import ExitStack
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright

from assistream.engine import Engine, Model, Scripted
from assistream.engine.models import ModelFunction, Turn

from .person import Person

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 20_000
"""Milliseconds that a thing may take to appear; one that appears is not waited for."""
expect.set_options(timeout=PATIENCE)


def chromium() -> str:
    """The system's own: none is downloaded."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    reason = "there is no Chromium: apt-get install chromium"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


# Not longer than these tests last: while it runs, its event loop is the one of this thread, and anyio's could not be.
@pytest.fixture(scope="package")
def browser() -> Generator[Browser]:
    path = chromium()
    # Its own sandbox needs rights that containers do not give; what it opens is our own page.
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Visit(Protocol):
    """``visit(turn, ..., options)``: a person in front of the page of a new engine whose model plays these turns."""

    def __call__(self, *script: Turn | str, model: Model | ModelFunction | None = None, **options: Any) -> Person: ...


class Visits:
    """Pages, and what went wrong on them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.wrong: list[str] = []
        self.elsewhere: list[str] = []
        self.contexts: list[BrowserContext] = []

    def page(self, address: str, **options: Any) -> Page:
        settings: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}} | options
        context = self.browser.new_context(**settings)
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        root = address.split("#")[0]
        context.route(lambda url: not url.startswith((root, f"blob:{root}", "data:")), self._cut_off)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))
        page = context.new_page()
        page.goto(address)
        return page

    def _cut_off(self, route: Route) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        # What an engine refuses is told here too; whether it should have, is for each test to say.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.wrong.append(message.text)

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def visits(browser: Browser) -> Generator[Visits]:
    found = Visits(browser)
    yield found
    found.close()
    assert found.wrong == []
    assert found.elsewhere == []


@pytest.fixture
def visit(visits: Visits) -> Generator[Visit]:
    with ExitStack() as stack:

        def begin(*script: Turn | str, model: Model | ModelFunction | None = None, **options: Any) -> Person:
            engine = stack.enter_context(Engine(model=model or Scripted(script), **options))
            assert engine.playground_url
            return Person(visits.page(engine.playground_url), engine.base_url)

        yield begin
        visits.close()  # before the engines: a browser keeps connections open
