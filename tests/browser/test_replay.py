"""A run that is over: its timeline, its events, and how it was, once more."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from assistream.engine import calls, says

from .conftest import Visit
from .person import WEATHER, Person


@pytest.fixture
def person(visit: Visit) -> Person:
    """In front of a run of two legs that is over."""
    person = visit(calls(get_weather={"city": "Oslo"}), says(["It ", "snows ", "in ", "Oslo."], delay=0.2))
    person.creates_assistant("Helper", WEATHER)
    person.asks("Weather?")
    person.answers_calls("snow")
    person.sees("It snows in Oslo.")
    person.sees_status("completed")
    return person


def test_a_run_is_replayed_as_it_was(person: Person) -> None:
    person.page.get_by_label("Speed").select_option("¼×")
    person.button("Replay").click()
    expect(person.answers).to_have_count(0)
    expect(person.answers).to_have_text(re.compile("^It"))
    person.button("Pause").click()
    halfway = person.answers.inner_text()
    assert halfway != "It snows in Oslo."
    assert "It snows in Oslo.".startswith(halfway)
    expect(person.timeline).not_to_have_attribute("aria-valuenow", str(person.events.count()))
    person.page.get_by_label("Speed").select_option("20×")
    person.button("Replay").click()
    person.sees("It snows in Oslo.")
    expect(person.button("Replay")).to_be_enabled()


def test_a_past_run_is_replayed_from_the_log(person: Person) -> None:
    count = person.events.count()
    numbers = person.page.locator("#numbers").inner_text()
    person.page.reload()
    expect(person.events).to_have_count(count)
    person.sees_status("completed")
    assert person.page.locator("#numbers").inner_text() == numbers  # the times are the engine's own
    person.timeline.press("Home")
    expect(person.answers).to_have_count(0)
    person.page.get_by_label("Speed").select_option("20×")
    person.button("Replay").click()
    expect(person.answers).to_have_text("It snows in Oslo.")


def test_the_timeline_by_keyboard(person: Person) -> None:
    count = person.events.count()
    person.timeline.focus()
    person.page.keyboard.press("Home")
    expect(person.timeline).to_have_attribute("aria-valuetext", "before the first event")
    person.page.keyboard.press("ArrowRight")
    person.page.keyboard.press("ArrowRight")
    expect(person.timeline).to_have_attribute(
        "aria-valuetext", re.compile(rf"^Event 2 of {count}, after \d+ ms: run.created")
    )
    expect(person.page.locator("#tip")).to_contain_text("run.created")
    person.page.keyboard.press("End")
    expect(person.timeline).to_have_attribute("aria-valuenow", str(count))
    person.page.keyboard.press("ArrowLeft")
    expect(person.timeline).to_have_attribute("aria-valuenow", str(count - 1))
    expect(person.page.locator("#player")).to_contain_text(f"{count - 1} of {count} events")


def test_the_timeline_by_pointer(person: Person) -> None:
    box = person.timeline.bounding_box()
    assert box
    person.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    expect(person.page.locator("#tip")).to_contain_text(re.compile("completed"))
    person.page.mouse.click(box["x"] + 124, box["y"] + box["height"] / 2)
    expect(person.answers).to_have_count(0)
    person.page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    expect(person.answers).to_have_text("It snows in Oslo.")


def test_what_is_pointed_at_covers_nothing_that_is_used(person: Person) -> None:
    tip = person.page.locator("#tip")
    person.timeline.focus()
    person.page.keyboard.press("Home")
    person.page.keyboard.press("ArrowRight")
    expect(tip).to_be_visible()
    above, controls = tip.bounding_box(), person.page.locator("#player").bounding_box()
    assert above
    assert controls
    assert above["y"] + above["height"] <= controls["y"]
    person.page.get_by_label("Speed").select_option("¼×")
    person.timeline.focus()
    expect(tip).to_be_visible()
    person.page.keyboard.press("Space")
    expect(person.button("Pause")).to_be_visible()
    expect(tip).to_be_hidden()
    expect(person.answers).to_have_text(re.compile("^It"))
    expect(tip).to_be_hidden()
    person.page.keyboard.press("Space")
    expect(tip).to_be_visible()  # where it stopped
    number = person.timeline.get_attribute("aria-valuetext") or ""
    after = re.search(r"after ([\d.]+ m?s)", number)
    assert after
    expect(tip).to_contain_text(f"+{after[1]}")


def test_events_in_words_and_as_they_were_sent(person: Person) -> None:
    row = person.events.filter(has_text="message.delta").first
    row.click()
    expect(row).to_have_attribute("aria-selected", "true")
    expect(person.answers).to_have_text("It")
    detail = person.page.get_by_label("The chosen event as it was sent")
    expect(detail).to_contain_text(re.compile(r"^id: \d+\s+event: thread.message.delta\s+data: \{"))
    person.page.get_by_role("tab", name="Raw frames").click()
    frames = person.page.get_by_role("listbox", name="Raw frames").get_by_role("option")
    expect(frames).to_have_count(int(person.timeline.get_attribute("aria-valuemax") or 0))
    expect(frames.and_(person.page.locator("[aria-selected]"))).to_have_text(detail.inner_text())
    person.page.keyboard.press("ArrowRight")  # tabs are one stop, and arrows go on
    expect(person.page.get_by_role("tab", name="Steps")).to_have_attribute("aria-selected", "true")
    expect(person.page.get_by_role("tabpanel", name="Steps").get_by_role("listitem")).to_have_count(2)
    person.page.keyboard.press("ArrowRight")
    expect(person.page.get_by_role("tabpanel", name="Run object")).to_contain_text('"status": "in_progress"')


def test_an_earlier_run_of_the_thread(visit: Visit) -> None:
    person = visit("First.", "Second.")
    person.creates_assistant()
    for question, answer in (("One?", "First."), ("Two?", "Second.")):
        person.asks(question)
        person.sees(answer)
    marks = person.log.get_by_role("button", name=re.compile("completed"))
    expect(marks).to_have_count(2)
    expect(marks.last).to_have_attribute("aria-current", "true")
    marks.first.click()
    expect(marks.first).to_have_attribute("aria-current", "true")
    person.button("Replay").click()
    expect(person.log.get_by_role("article")).to_have_text(["One?", "First.", "Two?", "Second."])


def test_what_was_typed_for_a_call_stays_during_a_replay(visit: Visit) -> None:
    person = visit(calls(get_weather={"city": "Oslo"}), "Done.")
    person.creates_assistant("Helper", WEATHER)
    person.asks("Weather?")
    output = person.field("Output of get_weather")
    output.fill("half of it")
    person.timeline.press("Home")  # a replay alone may be over before anybody has looked
    expect(output).to_have_count(0)
    person.button("Replay").click()
    expect(output).to_have_value("half of it")
    person.answers_calls("all of it")
    person.sees("Done.")
