"""What models and people write is shown, and never run."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from assistream.engine import Model, Scripted, call, calls, says
from assistream.engine.models import ModelRequest, Turn

from .conftest import Visit, Visits

HOSTILE = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<svg onload=window.hit=1>",
    "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "[click](javascript:window.hit=1)",
    "[click](JaVaScRiPt:window.hit=1)",
    "[click](data:text/html,<script>1</script>)",
    "![x](https://elsewhere.example/x.png)",
    '<https://elsewhere.example/"onmouseover=window.hit=1>',
    "`<b onclick=window.hit=1>`",
    "```\n</code></pre><script>window.hit = 1</script>\n```",
    "| <img src=x onerror=window.hit=1> |\n|---|\n| <b>x</b> |",
    "\ud83d\ude00 \u202e\u0000 &lt;script&gt; &#x3c;script&#x3e;",
]


def test_hostile_texts_everywhere(visit: Visit) -> None:
    """In names, instructions, questions, answers, arguments, outputs, errors."""
    text = "\n\n".join(HOSTILE)
    name = "<img src=x onerror='window.hit = 1'>"
    function = {"name": "run", "description": name, "parameters": {"type": "object", "description": name}}
    person = visit(says(text) + calls(run={"code": text}), says([text[:200], text[200:]]))
    person.creates_assistant(name, function, instructions=text)
    person.asks(text.replace("\0", ""))
    person.answers_calls(json.dumps(text))
    expect(person.answers).to_have_count(2)
    person.sees_status("completed")
    for link in person.page.get_by_role("link").all():
        assert (link.get_attribute("href") or "").startswith(("https://", "./", "#"))
    for tab in ("Raw frames", "Steps", "Run object"):
        person.page.get_by_role("tab", name=tab).click()
        expect(person.page.get_by_role("tabpanel", name=tab)).to_be_visible()
    person.timeline.hover()
    person.page.reload()
    expect(person.answers).to_have_count(2)
    person.button(f"Edit {name}").click()
    expect(person.page.get_by_role("dialog")).to_be_visible()
    made = (
        "script:not([src]), iframe, object, embed, img:not([src^='./']), [onerror], [onload], [onclick], [style*=url]"
    )
    expect(person.page.locator(made)).to_have_count(0)
    assert person.page.evaluate("() => window.hit === undefined")


def test_the_page_itself_could_not_either(visit: Visit, visits: Visits) -> None:
    """Whatever a bug of ours might do with a text: the browser refuses."""
    person = visit()
    refused = """(text) => {
        try { document.body.insertAdjacentHTML("beforeend", text); return false } catch { return true }
    }"""
    assert person.page.evaluate(refused, "<b>x</b>")
    assert person.page.evaluate("() => fetch('http://127.0.0.1:9/').then(() => false, () => true)")
    assert [one for one in visits.wrong if "TrustedHTML" in one]
    assert [one for one in visits.wrong if "Content Security Policy" in one]
    visits.wrong.clear()


@pytest.fixture
def citing() -> Model:
    text = "**Oslo** is cold.\n\n- a coat\n- `gloves`\n\n```py\nprint(1)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nSee [here](https://a.example/x)."

    def answer(request: ModelRequest) -> Turn:
        return says(text)

    return Scripted(answer)


def test_markdown(visit: Visit, citing: Model) -> None:
    person = visit(model=citing)
    person.creates_assistant()
    person.asks("Hm?")
    answer = person.answers.last
    expect(answer.locator("strong")).to_have_text("Oslo")
    expect(answer.get_by_role("listitem")).to_have_text(["a coat", "gloves"])
    expect(answer.locator("pre code")).to_have_text("print(1)")
    expect(answer.get_by_role("cell")).to_have_text(["1", "2"])
    link = answer.get_by_role("link", name="here")
    expect(link).to_have_attribute("href", "https://a.example/x")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_links_to_files_that_were_made(visit: Visit) -> None:
    """The address of one leads nowhere by itself; what it is about is saved by a click."""
    address = "sandbox:/mnt/data/out.csv"
    text = f"Here: [the table]({address}), and ![it]({address}) by `cat {address}`, or {address}."
    text += f"\n\n```\n{address}\n```"
    person = visit()
    with person.client() as client:
        made = client.files.create(file=("out.csv", b"a,b"), purpose="assistants")
        client.beta.threads.create(messages=[{"role": "assistant", "content": text}], metadata={"title": "Made"})
    starts = [found.start() for found in re.finditer(address, text)]
    annotations = [
        {
            "type": "file_path",
            "text": address,
            "start_index": start,
            "end_index": start + len(address),
            "file_path": {"file_id": made.id},
        }
        for start in starts
    ]

    def annotate(route: Route) -> None:
        """As the code interpreter would have."""
        answer = route.fetch()
        page = answer.json()
        page["data"][0]["content"][0]["text"]["annotations"] = annotations
        route.fulfill(response=answer, json=page)

    person.page.route("**/messages?*", annotate)
    person.page.reload()
    person.page.get_by_text("Made").click()
    answer = person.answers.last
    expect(answer.get_by_role("button", name="the table")).to_be_visible()
    expect(answer.get_by_role("button", name="it", exact=True)).to_be_visible()
    expect(answer.locator("p code")).to_have_text(f"cat {address}")
    expect(answer.locator("pre code")).to_have_text(address)
    expect(answer.get_by_role("list", name="Sources")).to_have_text("Save out.csv")
    assert not re.search("[\ue000\ue001]", answer.inner_text())


def test_arguments_that_are_no_json_are_shown_as_they_were_written(visit: Visit) -> None:
    person = visit(call("run", '{"a": <b>'), "Well.")
    person.creates_assistant("Helper", {"name": "run"})
    person.asks("Go")
    expect(person.page.get_by_role("form", name="Outputs of the calls").get_by_text('{"a": <b>')).to_be_visible()


def test_images_by_address_are_not_fetched(visit: Visit) -> None:
    person = visit("Nice.")
    person.creates_assistant()
    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
    with person.client() as client:
        blocks: Any = [
            {"type": "image_url", "image_url": {"url": "https://elsewhere.example/cat.png"}},
            {"type": "image_url", "image_url": {"url": dot}},
        ]
        client.beta.threads.create(messages=[{"role": "user", "content": blocks}], metadata={"title": "Pictures"})
    person.page.reload()
    person.page.get_by_text("Pictures").click()
    expect(person.log.get_by_role("link", name="https://elsewhere.example/cat.png")).to_be_visible()
    expect(person.log.get_by_role("img", name="Image")).to_have_attribute("src", dot)
