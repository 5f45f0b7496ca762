"""The page for everybody: dark and light, on a phone, by keyboard, by name, with a key, without a network."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assistream.engine import Engine, Scripted, calls, says

from .conftest import Visit, Visits
from .person import WEATHER, Person

CONTRASTS = (Path(__file__).parent / "contrasts.js").read_text(encoding="utf-8")


def has_been_used(visits: Visits, engine: Engine, **options: Any) -> Person:
    """A page on which all there can be is shown."""
    assert engine.playground_url
    person = Person(visits.page(engine.playground_url, **options), engine.base_url)
    with person.client() as client:
        tool: Any = {"type": "function", "function": WEATHER}
        assistant = client.beta.assistants.create(name="Helper", model="any", tools=[tool])
        thread = client.beta.threads.create(
            messages=[{"role": "user", "content": "Weather in a city with a rather long name?"}],
            metadata={"title": "Weather"},
        )
        runs = client.beta.threads.runs
        run = runs.create_and_poll(thread_id=thread.id, assistant_id=assistant.id)
    person.page.goto(f"{engine.playground_url}#/{thread.id}/{run.id}")
    person.page.reload()
    expect(person.page.locator("#run-status")).not_to_be_empty()
    return person


ROLES = "button|textbox|combobox|checkbox|link|slider|tab|listbox|dialog|form|region|img"
NAMELESS = rf"^\s*- (?:{ROLES})(?: \[.*\])?:?$"
LONG = (
    "A **word** and `code`, [a link](https://a.example), and\n\n> a quotation\n\n```py\n" + "x = 1; " * 40 + "\n```\n"
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(visits: Visits, scheme: str) -> None:
    """The contrast that WCAG AA asks for, by what the browser computes."""
    with Engine(model=Scripted([says(LONG) + calls(get_weather={"city": "Oslo"})])) as engine:
        person = has_been_used(visits, engine, color_scheme=scheme)
        expect(person.page.get_by_role("form", name="Outputs of the calls")).to_be_visible()
        for name in ("Events", "Raw frames", "Steps", "Run object"):
            person.page.get_by_role("tab", name=name).click()
            assert person.page.evaluate(CONTRASTS) == []
        person.button("New assistant").click()
        assert person.page.evaluate(CONTRASTS) == []
        visits.close()


def background(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


def test_dark_and_light(visits: Visits) -> None:
    with Engine() as engine:
        assert engine.playground_url
        dark, light = (visits.page(engine.playground_url, color_scheme=scheme) for scheme in ("dark", "light"))
        as_dark, as_light = background(dark), background(light)
        assert as_dark != as_light
        dark.get_by_role("button", name="Dark or light").click()
        assert background(dark) == as_light
        dark.reload()
        assert background(dark) == as_light  # it is remembered
        light.keyboard.press("d")
        assert background(light) == as_dark
        visits.close()


def wider_than_its_window(page: Page) -> list[str]:
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll("body, main, #log, #composer, #player, #side, #run, dialog, form")]
            .filter((one) => one.getClientRects().length)
            .filter((one) => one.scrollWidth > one.clientWidth || one.getBoundingClientRect().right > innerWidth)
            .map((one) => one.id || one.tagName)"""
        )
    )


@pytest.mark.parametrize("width", [360, 800, 1200])
def test_every_width(visits: Visits, width: int) -> None:
    with Engine(model=Scripted([says(LONG) + calls(get_weather={"city": "Oslo"})])) as engine:
        person = has_been_used(visits, engine, viewport={"width": width, "height": 740})
        assert wider_than_its_window(person.page) == []
        expect(person.page.get_by_role("form", name="Outputs of the calls")).to_be_visible()
        if width < 1180:
            expect(person.timeline).to_be_hidden()
            person.button("Run").click()
            expect(person.field("Message")).to_be_hidden()
        expect(person.timeline).to_be_visible()
        assert wider_than_its_window(person.page) == []
        if width == 360:
            person.button("Threads").click()
        person.button("New assistant").click()
        assert wider_than_its_window(person.page) == []
        visits.close()


def test_a_whole_conversation_on_a_phone(visits: Visits) -> None:
    with Engine(model=Scripted([calls(get_weather={"city": "Oslo"}), "It snows."])) as engine:
        assert engine.playground_url
        phone = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
        person = Person(visits.page(engine.playground_url, **phone), engine.base_url)
        person.button("Threads").tap()
        person.creates_assistant("Helper", WEATHER)
        person.button("Chat").tap()
        person.field("Message").fill("Weather?")
        person.button("Send").tap()
        person.answers_calls("snow")
        person.sees("It snows.")
        person.button("Run").tap()
        expect(person.timeline).to_be_visible()
        person.sees_status("completed")
        places = [tab.bounding_box() for tab in person.page.get_by_role("tab").all()]
        assert len({place["y"] for place in places if place}) == 1
        assert [place for place in places if not place or place["x"] + place["width"] > 360] == []
        visits.close()


def test_with_the_keyboard_alone(visit: Visit) -> None:
    person = visit(calls(get_weather={"city": "Oslo"}), says(["It ", "snows."]))
    keys = person.page.keyboard
    expect(person.log.get_by_role("heading")).to_have_text("Create an assistant to begin")
    keys.press("a")
    keys.type("Helper")
    keys.press("Tab")
    keys.type("any")
    for text in ("Help.", json.dumps([WEATHER])):
        keys.press("Tab")
        keys.insert_text(text)
    keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    keys.press("Enter")
    expect(person.page.get_by_role("dialog")).to_have_count(0)
    keys.press("/")
    keys.type("Weather?")
    keys.press("Shift+Enter")
    keys.type("Please.")
    keys.press("Enter")
    expect(person.field("Output of get_weather")).to_be_focused()
    keys.type("snow")
    keys.press("Control+Enter")
    person.sees("It snows.")
    person.sees_status("completed")
    expect(person.log.get_by_role("article").first).to_have_text("Weather?\nPlease.", use_inner_text=True)
    person.page.locator("body").evaluate("() => document.activeElement.blur()")
    keys.press("t")
    expect(person.timeline).to_be_focused()
    keys.press("Home")
    expect(person.answers).to_have_count(0)
    keys.press(" ")
    person.sees("It snows.")
    keys.press("?")
    shortcuts = person.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_contain_text("New thread")
    shortcuts.get_by_label("Shortcuts of a single key").uncheck()
    keys.press("Escape")
    expect(shortcuts).to_have_count(0)
    keys.press("n")
    expect(person.page.get_by_role("heading", name=re.compile("^Weather"))).to_be_visible()


def test_everything_can_be_reached_and_is_seen_to_be(visits: Visits) -> None:
    with Engine(model=Scripted([says(LONG) + calls(get_weather={"city": "Oslo"})])) as engine:
        page = has_been_used(visits, engine).page
        page.locator("body").evaluate("() => document.activeElement.blur()")
        reached: list[str] = []
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    """() => {
                        const one = document.activeElement, style = getComputedStyle(one);
                        const seen = style.outlineStyle !== "none" || one.id === "text" || one.id === "attach";
                        const name = one.id || one.getAttribute("aria-label") || one.textContent.trim();
                        return one === document.body ? "" : (seen ? "" : "unseen ") + name;
                    }"""
                )
            )
        assert [one for one in reached if one.startswith("unseen")] == []
        wanted = {
            "new-assistant",
            "new-thread",
            "Edit Helper",
            "Delete Helper",
            "Delete Weather",
            "log",
            "text",
            "attach",
        }
        wanted |= {
            "stop",
            "timeline",
            "play",
            "speed",
            "tab-events",
            "event-list",
            "theme",
            "shortcuts",
            "Submit output",
        }
        assert wanted - set(reached) == set()
        visits.close()


def nameless(page: Page) -> list[str]:
    return re.findall(NAMELESS, page.locator("body").aria_snapshot(), re.MULTILINE)


def test_everything_has_a_name(visits: Visits) -> None:
    with Engine(model=Scripted([says(LONG) + calls(get_weather={"city": "Oslo"})])) as engine:
        person = has_been_used(visits, engine)
        assert nameless(person.page) == []
        person.button("New assistant").click()
        assert nameless(person.page) == []
        expect(person.page.locator("html")).to_have_attribute("lang", "en")
        visits.close()


def test_what_happens_is_said(visit: Visit) -> None:
    person = visit(calls(get_weather={}), "Done.")
    said = person.page.locator("#announcer")
    person.creates_assistant("Helper", WEATHER)
    person.asks("Go")
    expect(said).to_have_text("The assistant calls functions and waits for their outputs.")
    person.answers_calls("x")
    expect(said).to_have_text("The answer is complete.")


def test_a_key_is_asked_for_and_kept_in_this_tab_alone(visit: Visit) -> None:
    person = visit("Hello.", api_key="s3cret")
    dialog = person.page.get_by_role("dialog", name="API key")
    dialog.get_by_label("Key").fill("wrong")
    dialog.get_by_role("button", name="Use key").click()
    expect(dialog).to_contain_text("does not know this key")
    dialog.get_by_label("Key").fill("s3cret")
    dialog.get_by_role("button", name="Use key").click()
    expect(dialog).to_have_count(0)
    person.creates_assistant()
    person.asks("Hi")
    person.sees("Hello.")
    kept = person.page.evaluate("() => [Object.values(localStorage).join(), document.cookie, location.href].join()")
    assert "s3cret" not in kept
    person.page.reload()
    person.sees("Hello.")
    other = person.page.context.new_page()
    other.goto(person.page.url)
    asked = other.get_by_role("dialog", name="API key")
    asked.get_by_label("Key").fill("s3cret")
    asked.get_by_role("button", name="Use key").click()
    expect(other.get_by_role("button", name="Forget key")).to_be_visible()
    person.button("Forget key").click()
    expect(person.page.get_by_role("dialog", name="API key")).to_be_visible()


def test_without_a_key_nothing_can_be_done_and_it_can_be_tried_again(visit: Visit) -> None:
    person = visit(api_key="s3cret")
    person.page.get_by_role("dialog", name="API key").get_by_role("button", name="Cancel").click()
    expect(person.notice).to_contain_text("401")
    person.notice.get_by_role("button", name="Try again").click()
    expect(person.page.get_by_role("dialog", name="API key")).to_be_visible()


def test_an_engine_that_is_gone(visits: Visits) -> None:
    with Engine() as engine:
        assert engine.playground_url
        person = Person(visits.page(engine.playground_url), engine.base_url)
        person.creates_assistant()
    person.page.get_by_role("button", name="Delete Helper").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(person.notice).to_contain_text("The engine cannot be reached.")
    visits.close()
