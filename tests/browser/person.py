"""What a person does on the page, by what is read and heard there: roles and names."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from assistream import Client
from assistream.types import Assistant

WEATHER = {
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


class Person:
    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.base_url = page, base_url

    # What is there

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def field(self, name: str) -> Locator:
        return self.page.get_by_role("textbox", name=name, exact=True)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Conversation")

    @property
    def answers(self) -> Locator:
        return self.log.get_by_role("article", name="Assistant")

    @property
    def timeline(self) -> Locator:
        return self.page.get_by_role("slider", name="Timeline: the events of the run")

    @property
    def events(self) -> Locator:
        return self.page.get_by_role("listbox", name="Events").get_by_role("option")

    @property
    def notice(self) -> Locator:
        return self.page.locator("#notices").get_by_role("alert")

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.log.get_by_text(text).first).to_be_visible()

    def sees_status(self, words: str) -> None:
        expect(self.page.locator("#run-status")).to_have_text(words)

    # What is done

    def creates_assistant(self, name: str = "Helper", *functions: dict[str, Any], instructions: str = "Help.") -> None:
        self.button("New assistant").click()
        dialog = self.page.get_by_role("dialog", name="New assistant")
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_label("Instructions").fill(instructions)
        expect(dialog.get_by_label("Model")).not_to_have_value("")  # the engine is asked which it has
        if functions:
            dialog.get_by_label("Functions").fill(json.dumps(functions))
        dialog.get_by_role("button", name="Create").click()
        expect(dialog).to_have_count(0)

    def asks(self, text: str) -> None:
        self.field("Message").fill(text)
        expect(self.button("Send")).to_be_visible()  # a run that works has Stop in its place
        self.page.keyboard.press("Enter")

    def answers_calls(self, *outputs: str) -> None:
        form = self.page.get_by_role("form", name="Outputs of the calls")
        expect(form).to_be_visible()
        boxes = form.get_by_role("textbox")
        expect(boxes).to_have_count(len(outputs))
        for box, output in zip(boxes.all(), outputs, strict=True):
            box.fill(output)
        form.get_by_role("button", name=re.compile("^Submit")).click()

    # What a program does meanwhile

    def client(self, **options: Any) -> Client:
        return Client(base_url=self.base_url, **options)

    def threads(self) -> list[str]:
        """The ids of all."""
        answer = httpx.get(f"{self.base_url}/threads", headers={"OpenAI-Beta": "assistants=v2"})
        return [str(thread["id"]) for thread in answer.json()["data"]]

    @property
    def assistant(self) -> Assistant:
        """The newest one."""
        with self.client() as client:
            return next(iter(client.beta.assistants.list()))
