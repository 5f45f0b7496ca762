from __future__ import annotations

import re

from .conftest import Command, said
from .terminal import on_terminal

CONVERSATION = r"""I am in Oslo\. What is .* after 14:00\?

step 1 · tool calls
→ get_weather {"city": "Bergen"}
→ find_trains {"origin": "Oslo", "destination": "Bergen", "after": "14:00"}
← get_weather {"city":"Bergen",.*}
← find_trains {"from":"Oslo",.*"14:25".*}
step 2 · message
.*light rain.*14:25.*
completed · 2 steps · \d+ \+ \d+ tokens · \d+\.\d s
"""


def test_into_a_pipe(command: Command) -> None:
    assert re.fullmatch(CONVERSATION, said(command("demo")))


def test_on_a_terminal() -> None:
    with on_terminal("-m", "assistream", "demo") as terminal:
        assert terminal.end() == 0
        assert "\x1b[1;33mget_weather" in terminal.written
        assert "completed · 2 steps" in terminal.text
        assert 'get_weather {"city":"Bergen"' in terminal.text
