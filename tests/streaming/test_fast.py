"""The shortcut beside the plain way, which is the one that counts: the same hooks, objects, errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream import AssistantEventHandler, Client
from assistream.errors import APIError, StreamProtocolError
from assistream.handlers.hooks import HOOK_NAMES
from assistream.streaming.dispatch import Hooks, fire
from assistream.streaming.events import is_done, parse_event
from assistream.streaming.fast import Shortcut
from assistream.streaming.snapshots import StreamState
from assistream.streaming.sse import Frame, SSEDecoder
from assistream.transport.concurrency import drain

from ..frames import ASSISTANT, DM, DONE, DS, MC, MD, RC, RD, SC, SD, THREAD, code, event, function, refusal, text
from ..shared import shared_files
from .said import own_files

RECORDED = [*own_files(), *shared_files("streams/*.sse"), *shared_files("streams/malformed/*.txt")]

WHOLE = {"on_event", "on_message_delta", "on_run_step_delta"}
"""The hooks that want the event of a delta as an object: with one of them there is no shortcut."""


def shown(value: object) -> object:
    return value.model_dump_json() if isinstance(value, pydantic.BaseModel) else repr(value)


class Listener(AssistantEventHandler):
    """Writes down every hook that leaves the shortcut open, with all it could see."""

    def __init__(self, see: Callable[[], Iterator[object]]) -> None:
        self.log: list[list[object]] = []
        for name in HOOK_NAMES:
            if name not in WHOLE:
                vars(self)[name] = self._listen(name, see)

    def _listen(self, name: str, see: Callable[[], Iterator[object]]) -> Callable[..., None]:
        def hook(*args: object) -> None:
            self.log.append([name, *map(shown, args), *map(shown, see())])

        return hook


def sight(state: StreamState) -> Callable[[], Iterator[object]]:
    def see() -> Iterator[object]:
        yield from (state.current_event, state.current_message, state.current_step, state.run)

    return see


class Way:
    """A stream without its shell: frames go to the hooks, by the shortcut where that is `quick`."""

    def __init__(self, *, quick: bool) -> None:
        self.state = StreamState()
        self.listener = Listener(sight(self.state))
        self.hooks = Hooks([self.listener])
        self.shortcut = Shortcut(self.hooks, self.state)
        self.quick, self.taken = quick, 0

    def go(self, body: bytes) -> Way:
        try:
            for frame in SSEDecoder().feed(body):
                self._frame(frame)
        except StreamProtocolError as error:
            self.listener.log.append([str(error)])
        return self

    def _frame(self, frame: Frame) -> None:
        if self.quick and self.shortcut.take(frame):
            self.taken += 1
            for hook in self.shortcut.hooks:
                hook(self.shortcut.delta, self.shortcut.snapshot)
        elif not is_done(frame) and (event := parse_event(frame)) is not None:
            drain(fire(self.hooks, event, self.state))
            if self.quick:
                self.shortcut.learn(frame)

    @property
    def told(self) -> list[object]:
        left = [message.model for message in self.state.messages.values()]
        steps = [step.model for step in self.state.steps.values()]
        return [*self.listener.log, *map(shown, [*left, *steps]), *(m.model_fields_set for m in left)]


def run(*deltas: bytes) -> bytes:
    return b"".join([RC(), SC(), MC(), SC("step_2", calls=[]), *deltas])


def taken(*deltas: bytes) -> int:
    """How many deltas the shortcut took, after what they said was found to be the same both ways."""
    quick, plain = Way(quick=True).go(run(*deltas)), Way(quick=False).go(run(*deltas))
    assert quick.told == plain.told
    return quick.taken


def raw(name: str, data: str) -> bytes:
    return event(name, data)


def like(value: str) -> str:
    """A delta as JSON, its text written as given."""
    return f'{{"id":"msg_1","delta":{{"content":[{{"index":0,"type":"text","text":{{"value":"{value}"}}}}]}}}}'


# What it takes ------------------------------------------------------------------------------------------------------


SIMPLE: list[Callable[[int], bytes]] = [
    lambda n: DM("msg_1", f"word {n}"),
    lambda n: DM("msg_1", text(f"word {n}", annotations=[])),
    lambda n: DM("msg_1", text(f"word {n}", 3)),
    lambda n: DS("step_2", function(f'{{"a\\": {n}')),
    lambda n: DS("step_2", code(f'print("{n}")\n')),
    lambda n: DS("step_2", code(f"{n}", outputs=[])),
    lambda n: event("thread.message.delta", like(f"\\u00e9 \\n\\\\{n}"), id=str(n)),
]


@pytest.mark.parametrize("make", SIMPLE)
def test_takes_all_but_the_first_two(make: Callable[[int], bytes]) -> None:
    assert taken(*map(make, range(40))) == 38


NOT_SIMPLE: list[Callable[[int], bytes]] = [
    lambda n: DM("msg_1", "one", "two"),
    lambda n: DM("msg_1", refusal("no")),
    lambda n: DM("msg_1", text(None)),
    lambda n: DM("msg_1", {"index": 0, "type": "text"}),
    lambda n: DS("step_2", {"index": 0, "type": "function", "function": None}),
    lambda n: DS("step_2", {"index": 0, "type": "code_interpreter"}),
    lambda n: DM("msg_1", text("a", annotations=[{"type": "file_path", "text": "x"}])),
    lambda n: DS("step_2", function("a", name="look")),
    lambda n: DS("step_2", function("a", id="call_1")),
    lambda n: DS("step_2", code("a", outputs=[{"type": "logs", "logs": "x"}])),
    lambda n: raw("thread.message.delta", like('a","value":"b')),
    lambda n: raw("thread.message.delta", like("a").replace('"value"', '"v\\u0061lue"')),
    lambda n: raw("thread.message.delta", like("a").replace('"id"', '"value":"x","id"')),
    lambda n: DM(f"msg_{n}", "a"),
    lambda n: DM("msg_1", text("a", n % 2)),
]


@pytest.mark.parametrize("make", NOT_SIMPLE)
def test_leaves_what_is_not_that_simple(make: Callable[[int], bytes]) -> None:
    assert taken(*map(make, range(40))) == 0


@pytest.mark.parametrize("odd", ["\\ud83d", "\x01", '\\"', "\\", "\\x", '","value":"', '"}]}}', "", "\\u12"])
def test_an_odd_string_among_others(odd: str) -> None:
    ones = [raw("thread.message.delta", like(value)) for value in ["a", "b", "c", odd, "d", "e", "f", "g"]]
    taken(*ones)


def test_bytes_that_are_no_text() -> None:
    ones = [raw("thread.message.delta", like(value)) for value in "abcdefgh"]
    ones[4] = ones[4].replace(b'"e"', b'"\xff"')
    assert taken(*ones) == 4


def test_a_name_that_does_not_fit_its_data() -> None:
    ones = [raw(name, like("a")) for name in ["thread.message.delta"] * 4 + ["thread.other"]]
    assert taken(*ones) == 2


def test_an_overlap_of_both_ends_is_no_match() -> None:
    one_quote = raw("thread.message.delta", like("").replace('""', '"'))
    assert taken(*[raw("thread.message.delta", like("a"))] * 4, one_quote) == 2


def test_nothing_is_taken_after_the_end_of_a_message_or_step() -> None:
    said = [DM("msg_1", "a")] * 6
    assert taken(*said, MD("msg_1", "a" * 6), *said, RD(), *said) == 4
    asked = [DS("step_2", function("a"))] * 6
    assert taken(*asked, SD("step_2", calls=[]), *asked) == 4


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_hook_that_wants_the_event_gets_it(name: str) -> None:
    way = Way(quick=True)

    def hook(*args: object) -> None:
        way.listener.log.append([name])

    vars(way.listener)[name] = hook
    way.hooks = Hooks([way.listener])
    way.shortcut = Shortcut(way.hooks, way.state)
    deltas = [DS("step_2", function("a")) if name == "on_run_step_delta" else DM("msg_1", "a")] * 6
    way.go(run(*deltas))
    assert way.taken == 0
    assert [entry for entry in way.listener.log if entry == [name]][-6:] == [[name]] * 6


def test_what_a_hook_does_to_its_objects_disturbs_nothing() -> None:
    way = Way(quick=True)

    def spoil(delta: Any, snapshot: Any) -> None:
        delta.value = "spoiled"
        message: Any = way.state.current_message
        message.content[0].text = type(snapshot)(value=f"<{snapshot.value}>")

    way.hooks.on_text_delta = [spoil]
    way.go(run(*[DM("msg_1", "a")] * 5))
    said: Any = way.state.messages["msg_1"].model.content[0]
    assert way.taken == 3
    assert said.text.value == "<<<<<a>a>a>a>a>"


# The same, whatever comes ---------------------------------------------------------------------------------------------

STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from(
    ['"', "\\", '\\"', "\n", "\u2028", "\U0001f600", '{"value":"x"}', ""]
)
DELTAS: list[Callable[[str], bytes]] = [
    lambda s: DM("msg_1", s),
    lambda s: DM("msg_1", text(s, 1)),
    lambda s: DM("msg_1", text(s, annotations=[])),
    lambda s: DM("msg_2", s),
    lambda s: DM("msg_1", s, s),
    lambda s: DM("msg_1", text(s, annotations=[{"type": "file_path", "text": s, "index": 0}])),
    lambda s: DS("step_2", function(s)),
    lambda s: DS("step_2", function(s, 1, id="call_2", name="look")),
    lambda s: DS("step_2", code(s, 2)),
    lambda s: DS("step_3", function(s)),
    lambda s: MC("msg_2"),
    lambda s: MD("msg_1", s),
    lambda s: SD("step_2", calls=[]),
    lambda s: RD(),
    lambda s: raw("thread.message.delta", json.dumps(json.loads(like("x"))).replace("x", s)),
]


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Runs of deltas of one kind after the other: what a shortcut is made for, and where it has to be left again."""
    parts: list[bytes] = []
    for make in draw(st.lists(st.sampled_from(DELTAS), min_size=1, max_size=6)):
        parts += map(make, draw(st.lists(STRINGS, min_size=1, max_size=6)))
    return run(*parts)


@given(bodies())
def test_both_ways_are_the_same(body: bytes) -> None:
    assert Way(quick=True).go(body).told == Way(quick=False).go(body).told


@given(bodies(), st.integers(0, 2**16), st.binary(max_size=3))
def test_both_ways_are_the_same_for_damaged_bytes(body: bytes, place: int, damage: bytes) -> None:
    place %= len(body)
    body = body[:place] + damage + body[place + len(damage) :]
    assert Way(quick=True).go(body).told == Way(quick=False).go(body).told


# The same, in a whole client ------------------------------------------------------------------------------------------


def played(chunks: list[bytes], *, quick: bool) -> list[object]:
    """What a handler was told: read by `until_done`, which takes the shortcut, or by iterating, which does not."""
    answer = httpx.MockTransport(
        lambda request: httpx.Response(200, headers={"content-type": "text/event-stream"}, content=iter(chunks))
    )
    stream: Any = None
    listener = Listener(lambda: iter((stream.current_event, stream.current_message_snapshot) if stream else ()))
    with Client(base_url="http://memory", http_client=httpx.Client(transport=answer)) as client:
        try:
            with client.beta.threads.runs.create_and_stream(
                THREAD, assistant_id=ASSISTANT, event_handler=listener
            ) as stream:
                if quick:
                    stream.until_done()
                for _ in stream:
                    pass
        except APIError as error:
            listener.log.append([type(error), str(error)])
    return [*listener.log]


@pytest.mark.parametrize("path", RECORDED)
@pytest.mark.parametrize("size", [64, 1 << 20])
def test_recordings_are_the_same_both_ways(path: Path, size: int) -> None:
    body = path.read_bytes()
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert played(chunks, quick=True) == played(chunks, quick=False)


@given(bodies(), st.integers(1, 400))
def test_any_chunks_are_the_same_both_ways(body: bytes, size: int) -> None:
    body += RD() + DONE
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert played(chunks, quick=True) == played(chunks, quick=False)
