"""An engine with something of everything, and what a client sees of it."""

from __future__ import annotations

import io
from typing import Any

from assistream.engine import Engine, ModelRequest, Scripted, calls, says
from assistream.engine.models import Turn

from ..conftest import Api, path_of
from ..vector_stores.shelf import Shelf, settled

CONTENT = bytes(range(256)) * 2500


def answer(request: ModelRequest) -> Turn:
    """Calls a function when it is asked for the weather; waits for ever when it is to wait."""
    last = request.messages[-1]
    if last.role == "tool":
        return says(f"It is {last.text}.")
    if "weather" in last.text:
        return calls(get_weather={"city": "Bergen"})
    return says(f"You said {last.text} … \u2028 \U0001f600")


def model() -> Scripted:
    return Scripted(answer)


def fill(api: Api) -> None:
    """An assistant or two, threads with runs, one of which waits for outputs, and files."""
    assistant = api.assistant(name="Émile", metadata={"a": "b"})
    api.assistant(model="other")
    for text in ("One", "Two"):
        api.run_stream(api.thread(text, "and more"), assistant_id=assistant["id"])
    run = api.run_stream(api.thread("Some weather?"), assistant_id=assistant["id"])[-1].data
    api.submit(run)
    api.run_stream(api.thread("The weather?"), assistant_id=assistant["id"])
    api.upload(CONTENT, "bytes.bin")
    api.upload(b"a little", "ü.txt", purpose="vision")
    fill_stores(api)


def fill_stores(api: Api) -> None:
    """A store that expires, with one file that can be read and one that cannot, and one with a batch."""
    shelf = Shelf(api, name="Fööds", metadata={"a": "b"}, expires_after={"anchor": "last_active_at", "days": 3})
    sizes = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}}
    attributes = {"a": "ü", "b": 1, "c": 1.5, "d": True}
    shelf.put("Filip's favorite food is cake. " * 50, "foods.txt", attributes=attributes, chunking_strategy=sizes)
    shelf.put(CONTENT, "nothing.bin")
    Shelf(api).put_all({f"{number}.txt": f"Words of cake, {number}" for number in range(3)})


def view(api: Api) -> dict[str, Any]:
    """All that a client can see, in the order in which it sees it."""
    threads = all_of(api, "/threads")
    runs = [run for thread in threads for run in all_of(api, f"/threads/{thread['id']}/runs")]
    files = all_of(api, "/files")
    stores = [store["id"] for store in all_of(api, "/vector_stores")]
    return {
        "assistants": all_of(api, "/assistants"),
        "threads": threads,
        "messages": [all_of(api, f"/threads/{thread['id']}/messages") for thread in threads],
        "runs": runs,
        "steps": [all_of(api, f"{path_of(run)}/steps") for run in runs],
        "events": [api.follow(run, leg=0) + api.follow(run) for run in runs],
        "files": files,
        "contents": [api.client.get(f"/files/{file['id']}/content").content for file in files],
        "stores": [view_of_store(api, f"/vector_stores/{id}") for id in stores],
    }


def view_of_store(api: Api, path: str) -> dict[str, Any]:
    """When all of it is indexed."""
    store, files = settled(api, path), all_of(api, f"{path}/files")
    read = [file["id"] for file in files if file["status"] == "completed"]
    return {"store": store, "files": files, "read": [api.get(f"{path}/files/{id}/content")["data"] for id in read]}


def all_of(api: Api, path: str) -> list[dict[str, Any]]:
    """The whole list, by pages of two."""
    found: list[dict[str, Any]] = []
    while True:
        page = api.get(path, limit=2, **({"after": found[-1]["id"]} if found else {}))
        found += page["data"]
        if not page["has_more"]:
            return found


def exported(engine: Engine) -> bytes:
    target = io.BytesIO()
    engine.export(target)
    return target.getvalue()
