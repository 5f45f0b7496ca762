from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistream.engine.transfer import TransferError
from assistream.engine.transfer.found import objects_in, objects_in_file

ONE, TWO, THREE = ({"id": id, "object": "thread.message", "content": [{"id": "x", "object": "y"}]} for id in "123")


def page(*data: Any) -> dict[str, Any]:
    return {"object": "list", "data": list(data), "first_id": "1", "has_more": False}


@pytest.mark.parametrize(
    "value",
    [
        [ONE, TWO, THREE],
        page(ONE, TWO, THREE),
        [page(ONE), page(TWO, THREE)],
        {"thread_1": {"messages": page(ONE, TWO)}, "thread_2": [{"of": {"mine": THREE}}]},
        [[ONE], None, 1, "text", [TWO, [[THREE]]]],
    ],
)
def test_objects_wherever_they_stand(value: Any) -> None:
    assert list(objects_in(value)) == [ONE, TWO, THREE]


def test_nothing() -> None:
    assert list(objects_in({"object": "list", "data": [], "id": None})) == []


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ONE, TWO, THREE]),
        json.dumps([ONE, TWO, THREE], indent=2),
        "\n".join(json.dumps(one) for one in (ONE, TWO, THREE)),
        f"{json.dumps(page(ONE, TWO))}\n\n{json.dumps(page(THREE))}\r\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_files_that_people_have(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding=encoding)
    assert list(objects_in_file(tmp_path / "a.json")) == [ONE, TWO, THREE]


def test_a_file_as_powershell_writes_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([ONE, TWO]), encoding="utf-16")
    assert list(objects_in_file(tmp_path / "a.json")) == [ONE, TWO]


def test_what_is_not_json(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("Message(id='1')")
    (tmp_path / "b.jsonl").write_text(f"{json.dumps(ONE)}\n\n{{\n")
    for name, says in {"a.json": "a.json: this is", "b.jsonl": "b.jsonl, line 3: this is"}.items():
        with pytest.raises(TransferError, match=f"{says}.* not JSON") as caught:
            list(objects_in_file(tmp_path / name))
        assert str(caught.value).endswith("Nothing was imported.")


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_file_with_nothing_in_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(TransferError, match=r"a\.json: this file is empty\. Nothing was imported\.$"):
        list(objects_in_file(tmp_path / "a.json"))
