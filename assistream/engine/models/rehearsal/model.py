"""The offline model: it answers by fixed rules, so that examples, demonstrations and tests need no network."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, cast

import anyio
from anyio.lowlevel import checkpoint

from assistream.engine.models import pieces
from assistream.engine.models.base import (
    ChatMessage,
    ChatToolCall,
    Finish,
    ModelDelta,
    ModelRequest,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)
from assistream.engine.models.rehearsal.built_in import code_in, found, is_asked, ran
from assistream.engine.models.rehearsal.filling import Filling
from assistream.engine.models.rehearsal.plan import Ask, Function, asks, best
from assistream.engine.models.rehearsal.reading import Reading
from assistream.engine.models.rehearsal.schemas import Schema, kind_of, properties, resolved, tidy
from assistream.engine.models.rehearsal.wording import parsed, sentence

_ANSWERS = ("answer", "text", "message", "summary", "reply", "response", "content", "explanation")
_READ = 4000  # characters of a message: it is searched for every parameter of every function, while the loop waits

_MOST_CALLS = 32
_NewCall: TypeAlias = tuple[str, dict[str, Any]]


class Rehearsal:
    """A model without a network. The same thread and functions give the same answer, by these rules:

    1. It answers the latest user message, of which it reads the first 4,000 characters. Instructions, temperature and
       earlier turns change nothing.
    2. A function matches a clause of the message that has a word of its name, or enough words of its description,
       parameters and choices, or a word for the same: "rain" for weather, "6 times 7" for what calculates. "What is
       the weather in Oslo, and which trains leave?" matches two functions. A question that matches none goes to a
       function that searches, if one takes a query.
    3. All matching functions are called at once, in up to 32 calls; one at a time if ``parallel_tool_calls`` is false.
    4. Arguments come from the clause, by JSON schema: a choice that is named, a value after a preposition that suits
       the parameter ("from Oslo to Bergen", "after 14:00"), quotes, names, numbers, yes and no. What is required and
       not in the clause comes from the rest of the message, else it is the default, else the plainest of its type.
       A text is filled up to 256 characters, a list to 32 items; malformed keywords count as absent.
    5. "Oslo and Bergen" makes two calls of a function whose only required parameter is a text.
    6. ``tool_choice`` is kept: "none" calls nothing; "required" calls the nearest function if none matches; a named
       function is called. Once these calls are made, the model answers.
    7. The answer tells the outputs in sentences, in the order of the calls: JSON becomes words. No call is made twice
       for the same message.
    8. Without a call and without outputs it repeats the message and says that it is an offline model.
    9. ``response_format`` is kept: for ``json_object`` the answer is ``{"answer": ...}``, for ``json_schema`` an object
       that fits, filled from the outputs and the message.
    10. Text is sent word by word, arguments in smaller pieces, ``delay`` seconds between two pieces.
    11. Usage: a completion token for each piece; a prompt token for each word of the messages.
    12. After ``max_completion_tokens`` pieces it stops with "length".
    13. With a ``seed`` the ids of the calls are the same each time the program runs.
    14. Where no function matches, built-in tools are used: ``code_interpreter`` runs the first block of code in the
        message, or the calculation that it asks for; else ``file_search`` looks for the whole message, if it says more
        than "Hello". The answer is the sentence of what was found that has most of the message's words, with its mark;
        or what the code has said, with links to what it has made.

    >>> model = Rehearsal(delay=0.03)  # at the pace of a model that thinks
    """

    def __init__(self, delay: float = 0.0, seed: int | None = None) -> None:
        self._delay = delay
        self._ids = random.SystemRandom() if seed is None else random.Random(seed)

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        turn = _Turn(request)
        for function in turn.functions:
            await checkpoint()  # between the parts that take long: other runs have the loop, too
            _ = function.worth
        calls: list[_NewCall] = []
        for call in turn.calls():
            await checkpoint()
            if call not in calls and len(calls) < _MOST_CALLS:
                calls.append(call)
        said = self._deltas(turn, calls)
        allowed = request.max_completion_tokens
        spent = 0
        finish = Finish("stop")
        for delta in said:
            if isinstance(delta, ToolCallDelta):
                finish = Finish("tool_calls")
            if not _is_opening(delta):
                if allowed is not None and spent >= allowed:
                    finish = Finish("length")
                    break
                spent += 1
            await anyio.sleep(self._delay)
            yield delta
        yield UsageDelta(_prompt_tokens(request), spent)
        yield finish

    def _deltas(self, turn: _Turn, calls: Sequence[_NewCall]) -> Iterator[ModelDelta]:
        if calls:
            for index, (name, arguments) in enumerate(calls):
                yield ToolCallDelta(index, pieces.call_id(self._ids), name)
                written = json.dumps(arguments, ensure_ascii=False)
                yield from (ToolCallDelta(index, arguments=piece) for piece in pieces.tokens(written))
        else:
            yield from (TextDelta(piece) for piece in pieces.words(turn.answer()))


class _Turn:
    """What there is to say to one request."""

    def __init__(self, request: ModelRequest) -> None:
        self._request = request
        self._built_in = {type: name for name, type in request.built_in.items()}
        latest = max((i for i, m in enumerate(request.messages) if m.role == "user"), default=-1)
        self._text = request.messages[latest].text.strip()[:_READ] if latest >= 0 else ""
        self._made = _made_calls(request.messages[latest + 1 :])
        declared = [Function.declared(tool) for tool in request.tools]
        self.functions: Sequence[Function] = [one for one in declared if one.name not in request.built_in]

    def calls(self) -> Iterator[_NewCall]:
        """What is left to call, perhaps one more than once."""
        made = [(call.name, parsed(call.arguments)) for call, _ in self._made]
        wishes = self._asks()
        of_functions = (call for ask in wishes[:_MOST_CALLS] for call in _calls_of(ask, self._text))
        wanted = of_functions if wishes else self._calls_of_built_in()
        return islice((c for c in wanted if c not in made), None if self._request.parallel_tool_calls else 1)

    def _asks(self) -> list[Ask]:
        choice = self._request.tool_choice
        if choice == "none" or not self.functions:
            return []
        if not isinstance(choice, str):
            named = _part(choice, "function").get("name")
            return [Ask(function, self._text) for function in self.functions if function.name == named]
        found = asks(self._text, self.functions)
        is_free = choice == "auto" or any(self._calls_of_built_in())
        return found if found or is_free else [Ask(best(self._text, self.functions), self._text)]

    def _calls_of_built_in(self) -> Iterator[_NewCall]:
        """At most one."""
        choice = self._request.tool_choice
        if choice == "none":
            return
        chosen = None if isinstance(choice, str) else _part(choice, "function").get("name")
        interpreter, search = self._built_in.get("code_interpreter"), self._built_in.get("file_search")
        code = code_in(self._text)
        if interpreter and (code or chosen == interpreter) and chosen in (None, interpreter):
            yield interpreter, {"code": code or f"print({self._text!r})"}
        elif search and (is_asked(self._text) or chosen == search or choice == "required") and chosen in (None, search):
            yield search, {"queries": [self._text]}
        elif interpreter and choice == "required":
            yield interpreter, {"code": f"print({self._text!r})"}

    def answer(self) -> str:
        form = self._request.response_format or {}
        if form.get("type") == "json_object":
            return json.dumps({"answer": self._plain_answer()}, ensure_ascii=False)
        if form.get("type") == "json_schema":
            return json.dumps(self._fitted(_part(_part(form, "json_schema"), "schema")), ensure_ascii=False)
        return self._plain_answer()

    def _plain_answer(self) -> str:
        if self._made:
            return " ".join(self._told(call, output) for call, output in self._made)
        stop = "" if self._text.endswith((".", "!", "?")) else "."
        repeated = f'You said: "{self._text}"{stop}' if self._text else "Hello."
        does = "I call your functions" if self.functions else "given functions I call them"
        return f"{repeated} I am an offline rehearsal model: I know nothing, but {does} and tell what they say."

    def _told(self, call: ChatToolCall, output: str) -> str:
        match self._request.built_in.get(call.name):
            case "file_search":
                return found(self._text, output)
            case "code_interpreter":
                return ran(output)
            case _:
                return sentence(call.name, _object(call.arguments), output)

    def _fitted(self, schema: Schema) -> Any:
        known: dict[str, Any] = dict.fromkeys(_ANSWERS, self._plain_answer())
        for call, output in self._made:
            known |= {call.name: parsed(output), **_object(call.arguments), **_object(output)}
        words = Reading(self._text)
        return Filling(schema, words, words, known).fill()


def _made_calls(messages: Sequence[ChatMessage]) -> list[tuple[ChatToolCall, str]]:
    outputs = {message.tool_call_id: message.text for message in messages if message.role == "tool"}
    made = [call for message in messages for call in message.tool_calls]
    return [(call, outputs[call.id]) for call in made if call.id in outputs]


def _calls_of(ask: Ask, message: str) -> Iterator[tuple[str, dict[str, Any]]]:
    function = ask.function
    words, around = Reading(ask.words, function.worth), Reading(message, function.worth)
    filled = Filling({**function.parameters, "type": "object"}, words, around).fill()
    arguments: dict[str, Any] = filled or {}
    listed = _listed_parameter(function.parameters)
    names = words.listed() if listed else []
    if listed and arguments.get(listed) in names:
        yield from ((function.name, {**arguments, listed: name}) for name in names)
    else:
        yield function.name, arguments


def _listed_parameter(schema: Schema) -> str | None:
    """The parameter that "Oslo and Bergen" gives two values: the only one that is required, if it is a text."""
    fields = properties(schema)
    required: Sequence[str] = tidy(schema).get("required") or list(fields)
    if len(required) != 1 or required[0] not in fields:
        return None
    field = resolved(fields[required[0]], schema)
    return required[0] if kind_of(field) == "string" and "enum" not in field else None


def _object(text: str) -> Mapping[str, Any]:
    value = parsed(text)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return of.get(name) or {}


def _is_opening(delta: ModelDelta) -> bool:
    return isinstance(delta, ToolCallDelta) and delta.name is not None


def _prompt_tokens(request: ModelRequest) -> int:
    return sum(len(message.text.split()) for message in request.messages)
