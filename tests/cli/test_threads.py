from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from .conftest import Command, complaint, said
from .objects import kept


class Lister(BaseHTTPRequestHandler):
    """A server with 150 threads, a broken one, and one that cannot list them."""

    def do_GET(self) -> None:
        if not self.path.startswith("/v1/"):
            self.send_response(int(self.path[1:4]))
            self.send_header("content-length", "0")
            self.end_headers()
            return
        after = int(self.path.partition("after=thread_")[2].split("&")[0] or 0)
        numbers = range(after + 1, min(after + 100, 150) + 1)
        data = [{"id": f"thread_{n}", "object": "thread", "created_at": n, "metadata": {"n": str(n)}} for n in numbers]
        more = numbers[-1] < 150
        page = {"object": "list", "data": data, "last_id": data[-1]["id"], "has_more": more}
        body = json.dumps(page).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody wants to know."""


@contextmanager
def listing() -> Generator[str]:
    with HTTPServer(("127.0.0.1", 0), Lister) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()


def test_list(command: Command) -> None:
    with listing() as url:
        lines = said(command("threads", "list", "--base-url", url)).splitlines()
        assert lines[0].split() == ["id", "created", "metadata"]
        assert lines[1].startswith("thread_1 ")
        assert lines[1].endswith('{"n": "1"}')
        assert len(lines) == 21
        many = said(command("threads", "list", "--limit", "120", "--json", "--base-url", url)).splitlines()
        assert [json.loads(line)["id"] for line in many] == [f"thread_{n}" for n in range(1, 121)]


def test_a_server_without_such_a_list(command: Command) -> None:
    with listing() as url:
        for status in ("404", "405"):
            err = complaint(command("threads", "list", "--base-url", url.replace("/v1", f"/{status}")), 1)
            assert err == "assistream: This server has no list of threads: it is an extension of the API.\n"
        assert "403" in complaint(command("threads", "list", "--base-url", url.replace("/v1", "/403")), 1)


def test_show_read_and_delete(command: Command, tmp_path: Path) -> None:
    thread = kept(tmp_path / "state.db").thread
    here = ("--path", "state.db")
    shown = said(command("threads", "show", thread, *here))
    assert '{"for": "Eva"}' in shown
    assert shown.endswith("\nuser:\nWeather?\n\nassistant:\nIt ␛[31mrains.\n\n")
    assert json.loads(said(command("threads", "show", thread, "--json", *here)))["metadata"] == {"for": "Eva"}

    assert said(command("threads", "messages", thread, *here)) == "user:\nWeather?\n\nassistant:\nIt ␛[31mrains.\n\n"
    lines = said(command("threads", "messages", thread, "--json", *here)).splitlines()
    assert [json.loads(line)["role"] for line in lines] == ["user", "assistant"]

    assert said(command("threads", "delete", thread, *here)) == f"deleted {thread}\n"
    assert thread in complaint(command("threads", "delete", thread, "--json", *here), 1)
