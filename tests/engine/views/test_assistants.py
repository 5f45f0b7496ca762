from __future__ import annotations

from tests.engine.conftest import FUNCTION, Api


def test_create_and_retrieve(api: Api) -> None:
    made = api.post("/assistants", {"model": "gpt-4o", "name": "Ada", "tools": [FUNCTION], "metadata": {"a": "b"}})
    assert made["id"].startswith("asst_")
    assert (made["object"], made["model"], made["name"], made["tools"]) == ("assistant", "gpt-4o", "Ada", [FUNCTION])
    assert api.get(f"/assistants/{made['id']}") == made


def test_update_changes_what_it_names(api: Api) -> None:
    made = api.assistant(name="Ada", metadata={"a": "b"})
    changed = api.post(f"/assistants/{made['id']}", {"name": "Grace", "metadata": None})
    assert changed == made | {"name": "Grace", "metadata": {}}
    assert api.get(f"/assistants/{made['id']}") == changed


def test_delete(api: Api) -> None:
    id = api.assistant()["id"]
    assert api.delete(f"/assistants/{id}") == {"id": id, "object": "assistant.deleted", "deleted": True}
    for method in ("GET", "POST", "DELETE"):
        assert api.refused(f"/assistants/{id}", method=method) == (404, f"No assistant found with id '{id}'.")


def test_lists(api: Api) -> None:
    empty = api.get("/assistants")
    assert empty == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}
    ids = [api.assistant()["id"] for _ in range(21)]
    newest = api.get("/assistants")
    assert [one["id"] for one in newest["data"]] == ids[:0:-1]
    assert (newest["first_id"], newest["last_id"], newest["has_more"]) == (ids[-1], ids[1], True)
    rest = api.get("/assistants", after=newest["last_id"])
    assert ([one["id"] for one in rest["data"]], rest["has_more"]) == ([ids[0]], False)
