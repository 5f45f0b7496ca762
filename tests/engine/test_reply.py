"""What is sent of a message, and what it is in the end."""

from __future__ import annotations

from assistream.engine.builtin import Seen
from assistream.engine.deltas import joined
from assistream.engine.reply import Reply
from tests.engine.conftest import Json


def reply(seen: Seen | None = None) -> Reply:
    return Reply({"id": "msg_1", "content": []}, {"id": "step_1"}, seen or Seen())


def sent(of: Reply) -> list[Json]:
    return [block for content in of.unsent for block in content]


def test_text_and_a_refusal() -> None:
    message = reply()
    for kind, text in (("text", "Hel"), ("text", "lo"), ("refusal", "N"), ("refusal", "o"), ("text", "!")):
        message.say(kind, text)
    assert sent(message) == [
        {"index": 0, "type": "text", "text": {"value": "Hel", "annotations": []}},
        {"index": 0, "type": "text", "text": {"value": "lo"}},
        {"index": 1, "type": "refusal", "refusal": "N"},
        {"index": 1, "type": "refusal", "refusal": "o"},
        {"index": 2, "type": "text", "text": {"value": "!", "annotations": []}},
    ]
    assert message.written["content"] == joined([], sent(message))


def test_indices_of_annotations_count_characters() -> None:
    message = reply(Seen({"0:0": "file-1"}))
    for text in ("😀ä", "【0:0】【0", ":0】", "😀【0:0†x】"):
        message.say("text", text)
    message.end()
    [block] = message.written["content"]
    value: str = block["text"]["value"]
    found = block["text"]["annotations"]
    assert [(one["start_index"], one["end_index"]) for one in found] == [(2, 7), (7, 12), (13, 20)]
    assert all(value[one["start_index"] : one["end_index"]] == one["text"] for one in found)
    told = [one for delta in sent(message) for one in delta["text"].get("annotations", [])]
    assert [one["index"] for one in told] == [0, 1, 2]


def test_what_is_held_back_comes_before_another_block() -> None:
    message = reply(Seen({"0:0": "file-1"}))
    message.say("text", "So 【0:")
    message.say("refusal", "No")
    assert [block[block["type"]] for block in sent(message)] == [
        {"value": "So ", "annotations": []},
        {"value": "【0:"},
        "No",
    ]


def test_a_mark_at_the_beginning() -> None:
    message = reply(Seen({"0:0": "file-1"}))
    message.say("text", "【0:0】")
    [block] = sent(message)
    assert block["text"]["annotations"][0]["start_index"] == 0


def test_pictures_come_first() -> None:
    message = reply(Seen({}, ["file-1", "file-2"]))
    message.say("text", "See")
    message.say("refusal", "No")
    assert [block["index"] for block in sent(message)] == [0, 1, 2, 2, 3]
    assert [block["type"] for block in message.written["content"]] == ["image_file", "image_file", "text", "refusal"]


def test_pictures_before_a_refusal() -> None:
    message = reply(Seen({}, ["file-1"]))
    message.say("refusal", "No")
    assert message.written["content"] == joined([], sent(message))
