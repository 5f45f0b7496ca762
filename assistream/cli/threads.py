"""``assistream threads``."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from ..errors import APIStatusError, AssistreamError
from . import output
from .connecting import connected
from .options import ApiKey, BaseUrl, Database, Json, Limit

__all__ = ["app"]

app: typer.Typer = typer.Typer(help="List, show and delete threads, and read their messages.")

Id = Annotated[str, typer.Argument(metavar="THREAD", help="The thread's id.")]
Ids = Annotated[list[str], typer.Argument(metavar="THREAD...", help="Their ids.")]


@app.command("list")
def all_of_them(
    limit: Limit = 20, base_url: BaseUrl = None, api_key: ApiKey = None, path: Database = None, json: Json = False
) -> None:
    """List threads, the newest first: an extension that the embedded server and some others have."""
    with connected(base_url, api_key, path) as client:
        try:
            found = list(islice(client.beta.threads.list(limit=min(limit, 100)), limit))
        except APIStatusError as error:
            if error.status_code not in (404, 405):
                raise
            raise AssistreamError("This server has no list of threads: it is an extension of the API.") from error
    if json:
        output.print_json(*found)
        return
    rows = [(one.id, output.moment(one.created_at), one.metadata or "") for one in found]
    output.print_table(("id", "created", "metadata"), rows)


@app.command()
def show(
    thread: Id, base_url: BaseUrl = None, api_key: ApiKey = None, path: Database = None, json: Json = False
) -> None:
    """Show a thread; without --json, what was said in it, too."""
    from .said import print_messages

    with connected(base_url, api_key, path) as client:
        found = client.beta.threads.retrieve(thread)
        if json:
            output.print_json(found)
            return
        output.print_fields(found)
        print()
        print_messages(client.beta.threads.messages.list(thread, order="asc", limit=100))


@app.command()
def messages(
    thread: Id, base_url: BaseUrl = None, api_key: ApiKey = None, path: Database = None, json: Json = False
) -> None:
    """Read the messages of a thread, the oldest first."""
    from .said import print_messages

    with connected(base_url, api_key, path) as client:
        found = client.beta.threads.messages.list(thread, order="asc", limit=100)
        if json:
            output.print_json(*found)
        else:
            print_messages(found)


@app.command()
def delete(
    threads: Ids, base_url: BaseUrl = None, api_key: ApiKey = None, path: Database = None, json: Json = False
) -> None:
    """Delete threads, with their messages and runs."""
    with connected(base_url, api_key, path) as client:
        for one in threads:
            deleted = client.beta.threads.delete(one)
            if json:
                output.print_json(deleted)
            else:
                print(f"deleted {deleted.id}")
