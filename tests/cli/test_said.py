from __future__ import annotations

import pytest

from assistream.cli.said import print_messages
from assistream.types import Message

MESSAGE = """{"id": "msg_1", "role": "assistant", "content": [
    {"type": "text", "text": {"value": "Look: [bold] \\u001b[1m", "annotations": []}},
    {"type": "image_file", "image_file": {"file_id": "file_1"}},
    {"type": "image_url", "image_url": {"url": "http://x/y"}},
    {"type": "refusal", "refusal": "no"},
    {"type": "smell"}
]}"""


def test_every_kind_of_content(capsys: pytest.CaptureFixture[str]) -> None:
    print_messages([Message.model_validate_json(MESSAGE)])
    assert capsys.readouterr().out == (
        "assistant:\nLook: [bold] ␛[1m\n[image file_1]\n[image http://x/y]\nrefused: no\n[smell]\n\n"
    )
