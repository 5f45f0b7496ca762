"""What the page is for: a person asks, watches a tool call, answers it, sees what came of it."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistream.engine import call, calls, fails, says, uses, waits_for
from assistream.engine.models import Turn
from assistream.testing import ScriptedServer, drops_connection

from .conftest import Visit, Visits
from .person import WEATHER, Person


def halted(turn: Turn, after: int, gate: threading.Event) -> Turn:
    """The turn, which stops after so many pieces until the gate is open."""
    return Turn((*turn.steps[:after], *waits_for(gate).steps, *turn.steps[after:]), turn.finish)


def test_a_person_asks_watches_the_call_answers_it_and_sees_the_timeline(visit: Visit) -> None:
    gate = threading.Event()
    asking = halted(call("get_weather", '{"city": "Oslo"}', size=5), 2, gate)
    person = visit(says("Let me see. ") + asking, says("It **snows** in Oslo.") + uses(40, 7))
    person.creates_assistant("Weather desk", WEATHER)
    expect(person.button(re.compile("^Weather desk"))).to_have_attribute("aria-current", "true")

    person.asks("What is it like in Oslo?")
    card = person.page.get_by_role("region", name="Call of get_weather")
    expect(card.get_by_text('{"cit', exact=True)).to_be_visible()  # and not more: it is being written
    expect(card.get_by_text("is being written")).to_be_visible()
    expect(person.button("Stop")).to_be_enabled()
    gate.set()

    form = person.page.get_by_role("form", name="Outputs of the calls")
    expect(form.get_by_text('{"city": "Oslo"}')).to_be_visible()
    expect(form.get_by_text("The weather in a city.")).to_be_visible()
    form.get_by_text("JSON schema of the arguments").click()
    expect(form.get_by_text('"required"')).to_be_visible()
    person.sees_status("waits for outputs")
    person.answers_calls("-3 degrees, snow")

    person.sees("It snows in Oslo.")
    expect(person.answers.last.locator("strong")).to_have_text("snows")
    expect(person.log.get_by_text("-3 degrees, snow")).to_be_visible()
    person.sees_status("completed")
    expect(person.page.locator(".lane-label")).to_have_text(["run", "message", "get_weather", "message"])
    expect(person.page.locator("#numbers")).to_contain_text("First token")
    expect(person.page.locator("#numbers")).to_contain_text("40 + 7")
    expect(person.page.locator("#numbers")).to_contain_text(re.compile(r"Deltas/s[\d.]+Tokens/s[\d.]+Total"))
    count = person.events.count()
    expect(person.timeline).to_have_attribute("aria-valuemax", str(count))
    expect(person.events.last).to_contain_text("run.completed")
    expect(person.button("Send")).to_be_enabled()


def test_several_calls_are_answered_together(visit: Visit) -> None:
    person = visit(calls(("get_weather", {"city": "Oslo"}), ("get_weather", {"city": "Bergen"})), "Done.")
    person.creates_assistant("Helper", WEATHER)
    person.asks("Both?")
    person.answers_calls("snow", "")  # nothing is an output, too
    person.sees("Done.")
    with person.client() as client:
        [thread] = person.threads()
        [run] = client.beta.threads.runs.list(thread)
        [_, step] = client.beta.threads.runs.steps.list(run.id, thread_id=thread)
    assert step.step_details.type == "tool_calls"
    outputs = [one.function.output for one in step.step_details.tool_calls if one.type == "function"]
    assert outputs == ["snow", ""]


def test_a_thread_goes_on_and_is_there_after_a_reload(visit: Visit) -> None:
    person = visit("First answer.", "Second answer.", "Third answer.")
    person.creates_assistant()
    person.asks("One?")
    person.sees("First answer.")
    person.asks("Two?")
    person.sees("Second answer.")
    said = ["One?", "First answer.", "Two?", "Second answer."]
    expect(person.log.get_by_role("article")).to_have_text(said)
    person.page.reload()
    expect(person.log.get_by_role("article")).to_have_text(said)
    person.button("New thread").click()
    expect(person.log.get_by_role("article")).to_have_count(0)
    person.asks("Three?")
    person.sees("Third answer.")
    person.button(re.compile("^One")).click()
    expect(person.log.get_by_role("article")).to_have_text(said)


def test_a_run_that_is_over_is_not_waited_for_while_it_is_told_again(visit: Visit) -> None:
    person = visit("One.", "Two.")
    person.creates_assistant()
    person.asks("Are you there?")
    person.sees_status("completed")
    person.page.route("**/stream?*", lambda route: None)  # never answered
    person.page.reload()
    expect(person.button(re.compile("^Run, in the inspector: completed"))).to_be_visible()
    expect(person.button("Stop")).to_be_hidden()
    person.asks("And now?")
    person.sees("Two.")


def test_a_thread_goes_on_with_the_assistant_of_the_run_that_is_open(visit: Visit) -> None:
    person = visit("From the first.", "From the second.", "From the first, again.", "From the second, again.")
    chosen = person.page.locator("#assistants [aria-current] .title")
    for name, answer in (("First", "From the first."), ("Second", "From the second.")):
        person.creates_assistant(name)
        person.button("New thread").click()
        person.asks(f"Is this {name}?")
        person.sees(answer)
    with person.client() as client:
        [first] = client.beta.threads.runs.list(person.threads()[1])

    person.button(re.compile("^Is this First")).click()
    expect(chosen).to_have_text("First")
    expect(person.button(re.compile("^Run, in the inspector: completed"))).to_contain_text("First · scripted")
    person.asks("And now?")
    person.sees("From the first, again.")
    with person.client() as client:
        runs = client.beta.threads.runs.list(person.threads()[1])
        assert [run.assistant_id for run in runs] == [first.assistant_id] * 2

        # A run by itself, of another assistant than the newest.
        person.page.locator("#assistants").get_by_role("button", name=re.compile("^Second")).click()
        person.asks("And you?")
        person.sees("From the second, again.")
        person.button(re.compile("^Look into this run")).first.click()
        expect(chosen).to_have_text("First")
        person.button(re.compile("^Look into this run")).last.click()
        expect(chosen).to_have_text("Second")

        # One that is gone is not chosen, and named by nobody.
        client.beta.assistants.delete(first.assistant_id)
    person.page.reload()
    expect(chosen).to_have_text("Second")
    person.button(re.compile("^Look into this run")).first.click()
    expect(person.button(re.compile("^Run, in the inspector: completed"))).not_to_contain_text("First")
    expect(chosen).to_have_text("Second")


def test_a_run_that_goes_on_is_followed_after_a_reload(visit: Visit) -> None:
    gate = threading.Event()
    person = visit(halted(says(["It ", "goes ", "on."]), 1, gate))
    person.creates_assistant()
    person.asks("Go?")
    expect(person.answers).to_have_text("It")
    person.page.reload()
    expect(person.answers).to_have_text("It")
    gate.set()
    person.sees("It goes on.")
    person.sees_status("completed")


def test_calls_can_be_answered_after_a_reload(visit: Visit) -> None:
    person = visit(calls(get_weather={"city": "Oslo"}), "Sunny, then.")
    person.creates_assistant("Helper", WEATHER)
    person.asks("Weather?")
    person.sees_status("waits for outputs")
    person.page.reload()
    person.answers_calls("sun")
    person.sees("Sunny, then.")


def test_a_run_is_stopped_by_its_button_and_by_escape(visit: Visit) -> None:
    never = threading.Event()
    person = visit(*[halted(says(["Well", " never"]), 1, never)] * 2, calls(get_weather={}), "After all.")
    person.creates_assistant("Helper", WEATHER)
    for number, key in enumerate(("Enter", "Escape"), 1):
        person.asks("Go")
        expect(person.answers).to_have_count(number)
        expect(person.answers.last).to_have_text(re.compile("^Well"))
        if key == "Enter":
            person.button("Stop").focus()
        person.page.keyboard.press(key)
        person.sees_status("cancelled")
        expect(person.button("Send")).to_be_enabled()
    person.asks("Call")
    expect(person.page.get_by_role("form", name="Outputs of the calls")).to_be_visible()
    person.button("Stop").click()
    person.sees_status("cancelled")
    expect(person.page.get_by_role("form", name="Outputs of the calls")).to_have_count(0)
    person.asks("And now?")
    person.sees("After all.")


def test_a_run_that_is_stopped_before_it_is_known(visit: Visit) -> None:
    never = threading.Event()
    person = visit(halted(says("Never"), 0, never))
    person.creates_assistant()
    person.field("Message").fill("Go")
    person.page.evaluate(
        """() => {
            const press = (key) => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
            press("Enter");
            press("Escape");
        }"""
    )
    person.sees_status("cancelled")


def test_a_run_that_fails_says_why(visit: Visit) -> None:
    person = visit(says("Half of") + fails("rate_limit_exceeded", "Too many of them."))
    person.creates_assistant()
    person.asks("Go")
    expect(person.log.get_by_text("rate_limit_exceeded Too many of them.")).to_be_visible()
    person.sees_status("failed")


def test_a_busy_thread(visit: Visit) -> None:
    gate = threading.Event()
    person = visit("Hello.", halted(says(["From", " elsewhere."]), 1, gate))
    person.creates_assistant()
    person.asks("Hi")
    person.sees("Hello.")
    with person.client() as client:
        [thread] = person.threads()
        client.beta.threads.runs.create(thread, assistant_id=person.assistant.id)
        person.asks("Me too")
        expect(person.notice).to_contain_text("already has an active run")
        expect(person.notice).to_contain_text("400")
        expect(person.field("Message")).to_have_value("Me too")  # it is not lost
        person.notice.get_by_role("button", name="Open that run").click()
        person.sees("From")
        gate.set()
        person.sees("From elsewhere.")


def test_what_is_gone(visit: Visit) -> None:
    person = visit("Hello.")
    person.creates_assistant()
    person.asks("Hi")
    person.sees("Hello.")
    with person.client() as client:
        client.beta.assistants.delete(person.assistant.id)
    person.asks("Again")
    expect(person.notice).to_contain_text("No assistant found with id")
    person.notice.get_by_role("button", name="Dismiss").click()
    expect(person.notice).to_have_count(0)
    person.page.goto(f"{person.page.url.split('#')[0]}#/thread_none")
    expect(person.notice).to_contain_text("No thread found with id 'thread_none'")


@pytest.mark.parametrize("after", [None, 0, 3])
def test_a_lost_connection_is_taken_up_again(visits: Visits, after: int | None) -> None:
    """In the middle of a delta's run, before any answer came, and after some events."""
    lost = drops_connection(after, resumable=True)
    with ScriptedServer(says(["One ", "two "]) + lost + says(["three ", "four."])) as server:
        root = server.base_url.removesuffix("v1")
        person = Person(visits.page(root), server.base_url)
        person.creates_assistant()
        person.asks("Count")
        person.sees("One two three four.")
        person.sees_status("completed")
        expect(person.page.locator("#connection")).to_be_empty()
        expect(person.events.filter(has_text="message.delta")).to_have_count(4)
        asked = [one.path for one in server.log if one.path.endswith(("/runs", "/stream"))]
        assert asked[0] == "/v1/threads/runs"
        assert asked[1].endswith("/stream" if after != 0 else "/runs")
        assert len(person.threads()) == 1
        visits.close()


def test_assistants_and_threads_are_changed_and_deleted(visit: Visit) -> None:
    person = visit("Hello.")
    person.creates_assistant("Old name", WEATHER)
    person.button("Edit Old name").click()
    dialog = person.page.get_by_role("dialog", name="Edit Old name")
    expect(dialog.get_by_label("Functions")).to_have_value(re.compile("get_weather"))
    dialog.get_by_label("Name").fill("New name")
    dialog.get_by_label("File search").check()
    dialog.get_by_label("Temperature").fill("0.25")
    dialog.get_by_label("Functions").fill("[{")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("The functions are not JSON")
    dialog.get_by_label("Functions").fill('[{"name": "not a name"}]')
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("tools[1].function.name")  # in the engine's words
    dialog.get_by_label("Functions").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    changed = person.assistant
    assert (changed.name, changed.temperature, [tool.type for tool in changed.tools]) == (
        "New name",
        0.25,
        ["file_search"],
    )

    person.asks("Hi there")
    person.sees("Hello.")
    person.button("Delete Hi there").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(person.button("Delete Hi there")).to_have_count(1)
    person.button("Delete Hi there").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(person.button("Delete Hi there")).to_have_count(0)
    expect(person.log.get_by_role("article")).to_have_count(0)
    person.button("Delete New name").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(person.button("Delete New name")).to_have_count(0)
    with person.client() as client:
        assert (person.threads(), list(client.beta.assistants.list())) == ([], [])


def test_a_vector_store_is_chosen_for_file_search(visit: Visit) -> None:
    person = visit()
    with person.client() as client:
        one, other = (client.vector_stores.create(name=name) for name in ("Letters", "Reports"))
    person.button("New assistant").click()
    dialog = person.page.get_by_role("dialog", name="New assistant")
    stores = dialog.get_by_label("Vector store")
    expect(stores).to_be_hidden()
    dialog.get_by_label("Name").fill("Reader")
    dialog.get_by_label("File search").check()
    stores.select_option("Letters")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_have_count(0)
    assert searched(person) == [one.id]

    dialog = person.page.get_by_role("dialog", name="Edit Reader")
    stores = dialog.get_by_label("Vector store")
    for option, ids in (("Reports", [other.id]), ("None: files are attached to messages", [])):
        before = searched(person)
        person.button("Edit Reader").click()
        expect(stores.get_by_role("option")).to_have_count(3)
        expect(stores).to_have_value(before[0])
        stores.select_option(option)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)
        assert searched(person) == ids


def searched(person: Person) -> list[str]:
    resources = person.assistant.tool_resources
    return list((resources and resources.file_search and resources.file_search.vector_store_ids) or [])


def test_files_go_along(visit: Visit, tmp_path: Path) -> None:
    person = visit("Read.")
    person.creates_assistant()
    text, image = tmp_path / "notes.txt", tmp_path / "dot.png"
    text.write_text("Notes.")
    image.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
            "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
        )
    )
    person.page.get_by_label("Attach files").set_input_files([text, image])
    expect(person.button("Remove notes.txt")).to_be_visible()
    expect(person.button("Send")).to_be_enabled()
    person.asks("Look at these")
    person.sees("Read.")
    expect(person.log.get_by_role("list", name="Attachments")).to_have_text("notes.txt")
    expect(person.log.get_by_role("img", name="dot.png")).to_be_visible()
    with person.client() as client:
        [thread] = person.threads()
        _, asked = client.beta.threads.messages.list(thread)
    assert [block.type for block in asked.content] == ["text", "image_file"]
    assert asked.attachments
    assert [one.tools and one.tools[0].type for one in asked.attachments] == ["file_search"]
