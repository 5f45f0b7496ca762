"""For every operation, assistream sends what the reference client does: the same requests in the same order."""

from __future__ import annotations

import email
import email.policy
import json
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import pytest

from scripts.compat import EARLY, VERSIONS
from tests.wire import Exchange, Request, Wire, answer, stream

from .caller import TABLES
from .conftest import OURS, run

COLOURS = ["sync", "async"]
Sent = dict[str, Any]
"""A request, without what belongs to the connection."""


def sent(request: Request) -> Sent:
    kind = request.headers.get("content-type", "").partition(";")[0] if request.content else ""
    body: object = request.content
    if kind == "application/json":
        body = request.body
    elif kind == "multipart/form-data":
        body = sorted(parts(request))
    return {
        "method": request.method,
        "path": request.path.split("/", 3)[3],
        "query": sorted(parse_qsl(request.query, keep_blank_values=True)),
        "version": request.headers.get("openai-beta"),
        "kind": kind,
        "body": body,
    }


def parts(request: Request) -> list[tuple[str, str, str, bytes]]:
    """The parts of a form: name, file name, type and content of each."""
    top = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = email.message_from_bytes(top + request.content, policy=email.policy.HTTP)
    said: list[tuple[str, str, str, bytes]] = []
    for part in form.iter_parts():
        disposition = part["content-disposition"].params
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        said.append((disposition["name"], disposition.get("filename", ""), part.get_content_type(), content))
    return said


def place(request: Request) -> tuple[str, int]:
    _, colour, number, *_ = request.path.split("/")
    return colour, int(number)


ANYTHING: dict[str, object] = {"id": "obj_1", "thread_id": "thread_1", "data": [], "has_more": False}


class Server(Wire):
    """Answers whatever is asked with one object that fits it; what can be waited for is done when it is asked twice."""

    def answer(self, exchange: Exchange) -> None:
        request = exchange.request
        if b'"stream":true' in request.content.replace(b" ", b""):
            stream(b"event: done\ndata: [DONE]\n\n")(exchange)
            return
        before = [other for other in self.requests if place(other) == place(request) and other.method == "GET"]
        of_files = request.path.split("/")[3] == "files"
        done = "processed" if of_files else "completed"
        ready = len(before) > 1
        counts = {"in_progress": int(not ready), "completed": int(ready), "cancelled": 0, "failed": 0, "total": 1}
        thing = {**ANYTHING, "status": done if ready else "in_progress", "file_counts": counts}
        answer(thing, headers={"openai-poll-after-ms": "1"})(exchange)


@cache
def recorded(client: str, version: str) -> tuple[dict[tuple[str, int], list[Sent]], dict[tuple[str, int], str]]:
    """What was sent, by colour and number of the operation, and what failed."""
    with Server() as server:
        server.add(server.answer, times=1 << 20)
        failed = {
            (colour, number): error
            for colour, number, error in map(json.loads, run(client, "caller.py", server.url, version))
        }
        requests: dict[tuple[str, int], list[Sent]] = {}
        for request in server.requests:
            requests.setdefault(place(request), []).append(sent(request))
    return requests, failed


CASES = [
    pytest.param(client, version, number, id=f"{client}-{number}-{TABLES[version][number][0]}")
    for client, version in [*((one, "v2") for one in VERSIONS), (EARLY, "v1")]
    for number in range(len(TABLES[version]))
]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(("client", "version", "number"), CASES)
def test_the_same_is_sent(client: str, version: str, number: int, colour: str) -> None:
    (theirs, their_failures), (ours, failures) = recorded(client, version), recorded(OURS, version)
    case = colour, number
    assert (case in failures, failures.get(case)) == (False, None)
    assert their_failures.get(case) is None
    assert in_order(ours[case]) == in_order(theirs[case])


def in_order(requests: list[Sent]) -> list[Sent]:
    """Uploads are performed side by side, in any order."""
    uploads = sorted(
        (one for one in requests if one["kind"] == "multipart/form-data"), key=lambda one: str(one["body"])
    )
    return uploads + [one for one in requests if one["kind"] != "multipart/form-data"]
