"""``assistream assistants``."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from . import output
from .connecting import connected
from .options import ApiKey, BaseUrl, Database, Json, Limit

__all__ = ["app"]

app: typer.Typer = typer.Typer(help="List, show and delete assistants.")

Id = Annotated[str, typer.Argument(metavar="ASSISTANT", help="The assistant's id.")]
Ids = Annotated[list[str], typer.Argument(metavar="ASSISTANT...", help="Their ids.")]


@app.command("list")
def all_of_them(
    limit: Limit = 20, base_url: BaseUrl = None, api_key: ApiKey = None, path: Database = None, json: Json = False
) -> None:
    """List assistants, the newest first."""
    with connected(base_url, api_key, path) as client:
        found = list(islice(client.beta.assistants.list(limit=min(limit, 100)), limit))
    if json:
        output.print_json(*found)
        return
    rows = [(one.id, one.name, one.model, len(one.tools), output.moment(one.created_at)) for one in found]
    output.print_table(("id", "name", "model", "tools", "created"), rows)


@app.command()
def show(
    assistant: Id, base_url: BaseUrl = None, api_key: ApiKey = None, path: Database = None, json: Json = False
) -> None:
    """Show an assistant."""
    with connected(base_url, api_key, path) as client:
        found = client.beta.assistants.retrieve(assistant)
    (output.print_json if json else output.print_fields)(found)


@app.command()
def delete(
    assistants: Ids, base_url: BaseUrl = None, api_key: ApiKey = None, path: Database = None, json: Json = False
) -> None:
    """Delete assistants."""
    with connected(base_url, api_key, path) as client:
        for one in assistants:
            deleted = client.beta.assistants.delete(one)
            if json:
                output.print_json(deleted)
            else:
                print(f"deleted {deleted.id}")
