from __future__ import annotations

from tests.engine.conftest import FUNCTION, Api, Json


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


def test_tool_resources(api: Api) -> None:
    files = [api.upload()["id"] for _ in range(21)]
    store = api.post("/vector_stores")["id"]
    resources = {"code_interpreter": {"file_ids": files[:20]}, "file_search": {"vector_store_ids": [store]}}
    made = api.assistant(tool_resources=resources)
    assert made["tool_resources"] == resources
    assert api.post(f"/assistants/{made['id']}", {"tool_resources": None})["tool_resources"] == {}
    too_many = {"tool_resources": {"code_interpreter": {"file_ids": files}}}
    where = "tool_resources.code_interpreter.file_ids"
    assert api.refused("/assistants", {"model": "any"} | too_many)[1].startswith(f"Invalid '{where}': array too long.")
    new: Json = {"tool_resources": {"file_search": {"vector_stores": [{}]}}}
    assert api.refused(f"/assistants/{made['id']}", new)[0] == 400


def test_the_files_of_version_1(api: Api) -> None:
    old, file = api.v1(), api.upload()["id"]
    made = old.post("/assistants", {"model": "any", "tools": [{"type": "retrieval"}], "file_ids": [file]})
    path = f"/assistants/{made['id']}"
    [store] = api.get(path)["tool_resources"]["file_search"]["vector_store_ids"]
    assert [one["id"] for one in api.get(f"/vector_stores/{store}/files")["data"]] == [file]
    old.post(path, {"tools": [{"type": "code_interpreter"}]})
    assert api.get(path)["tool_resources"]["code_interpreter"] == {"file_ids": [file]}
    assert old.get(path)["file_ids"] == [file]
    api.post(path, {"tool_resources": {}})
    assert old.get(path)["file_ids"] == []
    assert old.post(path, {"file_ids": [file], "name": "Ada"})["file_ids"] == [file]
    assert old.post(path, {"file_ids": []})["file_ids"] == []
