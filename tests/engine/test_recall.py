"""What a thread is to a model, later."""

from __future__ import annotations

from assistream.engine.lifecycle import BEHIND
from assistream.engine.models import ChatMessage, ImagePart
from assistream.engine.models.base import StoredImage
from assistream.engine.recall import BRIEF, images, in_brief, said, sources
from tests.engine.conftest import Json

IMAGE: Json = {"type": "image_file", "image_file": {"file_id": "file-1"}}
ADDRESS: Json = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
TEXT: Json = {"type": "text", "text": {"value": "See", "annotations": []}}


def message(role: str, *content: Json) -> Json:
    return {"object": "thread.message", "role": role, "content": list(content)}


def step(*calls: Json, status: str = "completed") -> Json:
    details = {"type": "tool_calls", "tool_calls": list(calls)}
    return {"object": "thread.run.step", "status": status, "step_details": details}


def function(id: str, output: str | None) -> Json:
    return {"id": id, "type": "function", "function": {"name": "f", "arguments": "{}", "output": output}}


def search(id: str, told: str | None) -> Json:
    behind: Json = {"name": "file_search", "arguments": "{}"}
    behind |= {} if told is None else {"told": told, "sources": {"0:0": "file-1"}}
    return {"id": id, "type": "file_search", "file_search": {"results": []}, BEHIND: behind}


def told(chats: tuple[ChatMessage, ...]) -> list[tuple[str, str]]:
    return [(chat.role, chat.text) for chat in chats]


def test_a_user_shows_images() -> None:
    [chat] = said(message("user", TEXT, IMAGE, ADDRESS))
    assert [type(part).__name__ for part in chat.content] == ["TextPart", "StoredImage", "ImagePart"]
    assert isinstance(chat.content[1], StoredImage)
    assert isinstance(chat.content[2], ImagePart)


def test_of_an_assistant_they_are_words() -> None:
    [chat] = said(message("assistant", IMAGE, TEXT, ADDRESS))
    assert chat.content == "[The image file-1]\nSee\n[The image https://example.com/a.png]"


def test_nothing_said_is_no_message() -> None:
    assert said(message("assistant")) == ()


def test_calls_with_their_answers() -> None:
    chats = said(step(search("call_1", "found"), function("call_2", "42")))
    assert [call.id for call in chats[0].tool_calls] == ["call_1", "call_2"]
    assert told(chats[1:]) == [("tool", "found"), ("tool", "42")]


def test_what_was_never_answered_was_never_asked() -> None:
    chats = said(step(search("call_1", None), function("call_2", None), function("call_3", "")))
    assert [call.id for call in chats[0].tool_calls] == ["call_3"]
    assert said(step(search("call_1", None))) == ()
    assert said(step(search("call_1", "found"), status="cancelled")) == ()


def test_in_brief() -> None:
    document = step(search("call_1", "x" * 5000), function("call_2", "y" * 5000))
    chats = said(document)
    _, short, whole = in_brief(document, chats)
    assert short.content == "x" * BRIEF + "\n[3000 more characters]"
    assert whole.content == "y" * 5000
    assert in_brief(step(search("call_1", "x")), chats[:1]) == chats[:1]
    said_once = said(message("user", TEXT))
    assert in_brief(message("user", TEXT), said_once) is said_once


def test_sources_and_images() -> None:
    output = {"type": "image", "image": {"file_id": "file-2"}}
    code = {"id": "call_2", "type": "code_interpreter", "code_interpreter": {"input": "", "outputs": [output]}}
    document = step(search("call_1", "found"), code, function("call_3", "42"))
    assert sources(document) == {"0:0": "file-1"}
    assert images(document) == ("file-2",)
    assert (sources(message("user", IMAGE)), images(message("user", IMAGE))) == ({}, ())
    assert sources(step(search("call_1", "found"), status="cancelled")) == {}
