"""``assistream runs``."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from . import output
from .connecting import connected
from .options import ApiKey, BaseUrl, Database, Json, Limit

__all__ = ["app"]

app: typer.Typer = typer.Typer(help="List, show and cancel the runs of a thread.")

Thread = Annotated[str, typer.Argument(metavar="THREAD", help="The id of the run's thread.")]
Id = Annotated[str, typer.Argument(metavar="RUN", help="The run's id.")]


@app.command("list")
def all_of_them(
    thread: Thread,
    limit: Limit = 20,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    path: Database = None,
    json: Json = False,
) -> None:
    """List the runs of a thread, the newest first."""
    with connected(base_url, api_key, path) as client:
        found = list(islice(client.beta.threads.runs.list(thread, limit=min(limit, 100)), limit))
    if json:
        output.print_json(*found)
        return
    rows = [
        (one.id, one.status, one.model, one.usage and one.usage.total_tokens, output.moment(one.created_at))
        for one in found
    ]
    output.print_table(("id", "status", "model", "tokens", "created"), rows)


@app.command()
def show(
    thread: Thread,
    run: Id,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    path: Database = None,
    json: Json = False,
) -> None:
    """Show a run; without --json, its steps, too."""
    with connected(base_url, api_key, path) as client:
        found = client.beta.threads.runs.retrieve(run, thread_id=thread)
        if json:
            output.print_json(found)
            return
        steps = list(client.beta.threads.runs.steps.list(run, thread_id=thread, order="asc", limit=100))
    output.print_fields(found)
    print()
    output.print_table(
        ("step", "type", "status", "tokens"),
        [(one.id, one.type, one.status, one.usage and one.usage.total_tokens) for one in steps],
    )


@app.command()
def cancel(
    thread: Thread,
    run: Id,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    path: Database = None,
    json: Json = False,
) -> None:
    """Cancel a run, and wait until it has ended."""
    with connected(base_url, api_key, path) as client:
        client.beta.threads.runs.cancel(run, thread_id=thread)
        ended = client.beta.threads.runs.poll(run, thread)
    if json:
        output.print_json(ended)
    else:
        print(f"{ended.status} {ended.id}")
