"""The directory and the store; what runs see of it is in `test_tool`."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from assistream.engine import contents
from assistream.engine.interpreter.budget import Budget
from assistream.engine.interpreter.kernel import Kernel
from assistream.engine.interpreter.limits import CodeInterpreter
from assistream.engine.interpreter.workspace import Workspace, links, made, store_image
from assistream.engine.store import Store
from assistream.engine.tables import FILES
from tests.sandboxed import said

MIB = 2**20
pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(anyio_backend: str) -> AsyncIterator[Store]:
    store = Store(":memory:")
    await store.open()
    yield store
    await store.close()


async def uploaded(store: Store, name: str, data: bytes) -> str:
    async with contents.uploading(store, 10**9) as upload:
        await upload.write(data)
        return str((await upload.finish(name, "assistants", None))["id"])


async def names(store: Store) -> list[str]:
    async with store.transaction() as transaction:
        return [file["filename"] for file in await transaction.all(FILES)]


@pytest.fixture
def workspace(kernel: Kernel, store: Store) -> Workspace:
    return Workspace(kernel, store, CodeInterpreter())


async def test_files_come_under_both_names(workspace: Workspace, kernel: Kernel, store: Store) -> None:
    one, two = await uploaded(store, "a.txt", b"1"), await uploaded(store, "a.txt", b"2")
    assert await workspace.bring([one, two, "file-unknown"]) == []
    told = await said(kernel, f"print(open('a.txt').read(), open('{one}').read(), open('{two}').read())")
    assert told == "1 1 2\n"
    assert workspace.sources().keys() == {f"sandbox:/mnt/data/{name}" for name in (one, two, "a.txt")}


async def test_what_code_has_changed_is_not_brought_again(workspace: Workspace, kernel: Kernel, store: Store) -> None:
    file = await uploaded(store, "a.txt", b"1")
    await workspace.bring([file])
    workspace.remember()
    assert await said(kernel, "open('a.txt', 'w').write('changed'); None") == ""
    written, _ = await workspace.keep(Budget(MIB))
    assert list(written) == ["a.txt"]  # by the name that code knows it by
    assert workspace.sources() == links({"a.txt": written["a.txt"], file: written["a.txt"]})
    await workspace.bring([file])
    assert await said(kernel, "print(open('a.txt').read())") == "changed\n"


async def test_what_code_has_put_in_its_place_is_another_file(
    workspace: Workspace, kernel: Kernel, store: Store
) -> None:
    file = await uploaded(store, "a.txt", b"1")
    await workspace.bring([file])
    workspace.remember()
    await said(kernel, "import os; open('b', 'w').write('2'); os.replace('b', 'a.txt')")
    written, _ = await workspace.keep(Budget(MIB))
    assert workspace.sources() == links({"a.txt": written["a.txt"], file: file})


async def test_a_changed_file_is_put_back_under_both_names(workspace: Workspace, kernel: Kernel, store: Store) -> None:
    """And is one file."""
    file, new = await uploaded(store, "a.txt", b"1"), await uploaded(store, "/mnt/data/a.txt", b"2")
    await workspace.restore({file: new, "a.txt": new})
    await workspace.bring([file])
    assert await said(kernel, f"open('a.txt', 'a').write('3'); print(open('{file}').read())") == "23\n"
    assert workspace.sources() == links({file: new, "a.txt": new})


async def test_a_changed_file_whose_name_another_has(workspace: Workspace, kernel: Kernel, store: Store) -> None:
    one, two = await uploaded(store, "a.txt", b"1"), await uploaded(store, "a.txt", b"2")
    new = await uploaded(store, f"/mnt/data/{two}", b"3")
    await workspace.restore({two: new})
    await workspace.bring([one, two])
    assert await said(kernel, f"print(open('a.txt').read(), open('{two}').read())") == "1 3\n"
    assert workspace.sources() == links({one: one, two: new, "a.txt": one})


async def test_names_that_nobody_can_say_are_counted(workspace: Workspace, kernel: Kernel) -> None:
    code = "import os; os.mkdir('d\\n')\nfor name in ('a\\x01', 'd\\n/b', b'\\xff', 'good'): open(name, 'w').close()"
    workspace.remember()
    assert await said(kernel, code) == ""
    written, complaints = await workspace.keep(Budget(MIB))
    assert list(written) == ["good"]
    assert complaints == ["[Files that are not kept, because their names have characters that cannot be shown: 3]"]
    workspace.remember()
    assert await workspace.keep(Budget(MIB)) == ({}, [])


async def test_code_may_replace_and_delete_what_was_brought(workspace: Workspace, kernel: Kernel, store: Store) -> None:
    file = await uploaded(store, "a.txt", b"1")
    await workspace.bring([file])
    assert await said(kernel, f"import os; os.remove('a.txt'); os.remove('{file}'); print(os.listdir())") == "[]\n"


async def test_nothing_is_new_that_was_there(workspace: Workspace, kernel: Kernel, store: Store) -> None:
    await workspace.restore({"d/kept.txt": await uploaded(store, "x", b"kept")})
    workspace.remember()
    assert await workspace.keep(Budget(MIB)) == ({}, [])
    assert await said(kernel, "print(open('d/kept.txt').read()); open('d/new', 'w').close()") == "kept\n"


async def test_files_of_a_kernel_that_has_died_are_kept(workspace: Workspace, kernel: Kernel, store: Store) -> None:
    workspace.remember()
    assert "ended" in await said(kernel, "f = open('a.txt', 'w'); f.write('a'); f.close(); import os; os._exit(1)")
    written, _ = await workspace.keep(Budget(MIB))
    assert list(written) == ["a.txt"]
    assert await names(store) == ["/mnt/data/a.txt"]


async def test_no_more_is_kept_than_a_run_may(workspace: Workspace, kernel: Kernel, store: Store) -> None:
    budget = Budget(6)
    workspace.remember()
    await said(kernel, "open('a', 'w').write('123')")
    assert list((await workspace.keep(budget))[0]) == ["a"]
    await said(kernel, "open('a', 'w').write('123')")
    assert list((await workspace.keep(budget))[0]) == ["a"]
    assert budget.left == 3  # the same again takes nothing
    await said(kernel, "open('a', 'w').write('4567')")
    written, (complaint,) = await workspace.keep(budget)
    assert not written
    assert complaint.startswith("[/mnt/data/a is not kept")
    assert len(await names(store)) == 1


async def test_images(store: Store) -> None:
    file_id = await store_image(store, "plot.png", b"x" * 10)
    assert await contents.whole(store, file_id) == b"x" * 10


def test_links_and_paths() -> None:
    files = {"a b.txt": "file-1", "c.txt": "file-2"}
    assert set(links(files)) == {
        *("sandbox:/mnt/data/a b.txt", "sandbox:/mnt/data/a%20b.txt", "sandbox:/mnt/data/c.txt"),
    }
    assert made({**links(files), "4:0": "file-3"}, without=["file-2"]) == {"a b.txt": "file-1"}


@pytest.mark.parametrize("path", ["", "/a", "a//b", "a/", ".", "..", "../a", "a/../../b", "a\0b", "a\nb", "a\x7f"])
def test_what_is_no_path_is_not_put_back(path: str) -> None:
    assert made(links({path: "file-1", "..a/.b": "file-2"}), without=[]) == {"..a/.b": "file-2"}


async def test_a_path_that_cannot_be_is_left_out(workspace: Workspace, store: Store, kernel: Kernel) -> None:
    """As an import could bring it."""
    file_id = await uploaded(store, "a.txt", b"a")
    await workspace.restore({"half\ud83d": file_id, "a\0b": file_id, "good": file_id})
    assert await said(kernel, "import os; print(os.listdir())") == "['good']\n"
