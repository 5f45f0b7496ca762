"""What every operation of a client gives in each of its forms, as JSON: plain, raw, streamed, and with an empty id.

::

    python forms.py openai http://127.0.0.1:1234 v1

The server answers as its API document says, the same each time. A line is printed for each colour, operation and form.
Run by the Python that has the client.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from collections.abc import Awaitable, Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests.compat.caller import EITHER, TABLES, THIS_FILE, Operation, ready

NOT_ONE_REQUEST = ("poll", "stream", "upload", "wait_for_processing")
# The content of a file is JSON to the documents.
NOT_THERE = ("models.list", "models.retrieve", "files.content", "files.retrieve_content")
Form = Callable[[Any, Operation, Any], Awaitable[object]]


def is_documented(operation: Operation) -> bool:
    """Whether it is one request with one answer, which is no stream, and both as the documents have them."""
    name, _, keywords = operation
    if name.endswith(NOT_ONE_REQUEST) or name in NOT_THERE or keywords.get("stream"):
        return False
    if keywords.get("extra_body") or keywords.get("file") == THIS_FILE:  # nobody here would close that file
        return False
    # What the API knows and the document does not: null for what is given up, a condition that is made of conditions.
    return keywords.get("expires_after", ...) is not None and keywords.get("filters") != EITHER


def arguments(operation: Operation, module: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return operation[1], {key: ready(value, module) for key, value in operation[2].items()}


async def plain(client: Any, operation: Operation, module: Any) -> object:
    args, keywords = arguments(operation, module)
    return said(await final(attrgetter(operation[0])(client)(*args, **keywords)))


async def raw(client: Any, operation: Operation, module: Any) -> object:
    args, keywords = arguments(operation, module)
    answer = await final(view(client, operation[0], "with_raw_response")(*args, **keywords))
    return [answer.status_code, answer.is_closed, answer.http_request.headers.get("openai-beta"), said(answer.parse())]


async def streamed(client: Any, operation: Operation, module: Any) -> object:
    args, keywords = arguments(operation, module)
    opening = view(client, operation[0], "with_streaming_response")(*args, **keywords)
    if hasattr(opening, "__aenter__"):
        async with opening as answer:
            return [answer.is_closed, said(await answer.parse())]
    with opening as answer:
        return [answer.is_closed, said(answer.parse())]


async def empty(client: Any, operation: Operation, module: Any) -> object:
    """The kinds of error there are when one id of the path is empty."""
    args, keywords = arguments(operation, module)
    method = attrgetter(operation[0])(client)
    calls = [((*args[:place], "", *args[place + 1 :]), keywords) for place in range(len(args))]
    calls += [(args, {**keywords, name: ""}) for name in ("thread_id", "run_id", "message_id") if name in keywords]
    errors: list[str] = []
    for these, those in calls:
        try:
            await final(method(*these, **those))
            errors.append("none")
        except Exception as error:
            errors.append(type(error).__name__)
    return errors


FORMS: list[Form] = [plain, raw, streamed, empty]


def view(client: Any, name: str, kind: str) -> Any:
    resource, _, method = name.rpartition(".")
    return getattr(getattr(attrgetter(resource)(client), kind), method)


async def final(result: Any) -> Any:
    return await result if inspect.isawaitable(result) else result


def said(result: Any) -> object:
    """What was sent, as far as the client gives it; bytes by their number."""
    if hasattr(result, "model_dump"):
        return result.model_dump(mode="json", exclude_unset=True)
    return result if isinstance(result, str) else type(result).__name__


async def play(colour: str, client: Any, operations: list[Operation], module: Any) -> None:
    for number, operation in enumerate(operations):
        for form in FORMS:
            try:
                outcome = await form(client, operation, module)
            except Exception as error:
                outcome = {"error": type(error).__name__}
            print(json.dumps([colour, number, operation[0], form.__name__, outcome], sort_keys=True))


async def main(client: str, url: str, version: str) -> None:
    module = importlib.import_module(client)
    options: dict[str, Any] = {"base_url": url, "api_key": "none", "max_retries": 0}
    if client == "assistream":
        options["assistants_version"] = version
    operations = list(filter(is_documented, TABLES[version]))
    with module.OpenAI(**options) as one:
        await play("sync", one, operations, module)
    async with module.AsyncOpenAI(**options) as other:
        await play("async", other, operations, module)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
