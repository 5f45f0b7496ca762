from __future__ import annotations

import asyncio

import pytest

from assistream.engine.interpreter.kernel import Image, Kernel, Logs
from tests.sandboxed import Opened, outputs, said

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n"


async def test_what_is_printed_and_what_it_comes_to(kernel: Kernel) -> None:
    assert await said(kernel, "print('a')\n'b'") == "a\n'b'"
    assert await said(kernel, "print('a', end='')\n'b'") == "a\n'b'"
    assert await said(kernel, "x = 1") == ""


async def test_variables_stay(kernel: Kernel) -> None:
    await said(kernel, "x = 20")
    assert await said(kernel, "x + 1") == "21"


async def test_outputs_come_while_the_code_runs(kernel: Kernel) -> None:
    with kernel.running("import time\nprint('one')\ntime.sleep(0.5)\nprint('two')") as call:
        first = await anext(call)
        assert first == Logs("one\n")
        assert not call.is_over
        assert [output async for output in call] == [Logs("two\n")]


async def test_errors_are_told_without_colours(kernel: Kernel) -> None:
    told = await said(kernel, "print('before')\n1 / 0")
    assert told.startswith("before\n-----")
    assert told.endswith("ZeroDivisionError: division by zero")
    assert "\x1b" not in told


async def test_text_that_is_not_only_text(kernel: Kernel) -> None:
    printed = {r"\x1b[31mred\x1b[0m": "red", r"a\x00b\x08c": "abc", r"a\rb\tc": "a\rb\tc", "😀": "😀"}
    for text, logs in printed.items():
        assert await said(kernel, f"print('{text}')") == f"{logs}\n"
    assert await said(kernel, r"'\ud800'") == r"'\ud800'"
    assert await said(kernel, r"print('é \ud800 b', '\udc41')") == "é ? b ?\n"
    assert (await said(kernel, r"raise ValueError('a \ud800 b')")).endswith("ValueError: a ? b")


async def test_images(kernel: Kernel) -> None:
    code = f"from IPython.display import *\nprint('a')\ndisplay(Image({PNG!r} + b'x', format='png'))\nprint('b')"
    assert await outputs(kernel, code) == [Logs("a\n"), Image(PNG + b"x"), Logs("b\n")]


async def test_what_is_no_image(kernel: Kernel) -> None:
    for data in ("{'image/png': 'no base64!'}", "{'image/png': 'YWJj'}", "{'image/png': 5}", "{}"):
        code = f"from IPython.display import *\ndisplay({data}, raw=True)\nprint('on')"
        assert await outputs(kernel, code) == [Logs("on\n")]


async def test_shell_commands(kernel: Kernel) -> None:
    assert "hello" in await said(kernel, "!echo hello")
    assert await said(kernel, "import os; os.system('echo there')") in ("there\n0", "0there\n", "0\nthere\n")


async def test_nobody_can_be_asked(kernel: Kernel) -> None:
    assert "StdinNotImplementedError" in await said(kernel, "input('name? ')")


async def test_code_that_is_left_is_interrupted(kernel: Kernel) -> None:
    await said(kernel, "x = 1")
    with kernel.running("import time\nprint('begun')\ntime.sleep(1000)") as call:
        await anext(call)
    await kernel.settled()
    assert not kernel.dead
    assert await said(kernel, "x") == "1"


async def test_code_that_is_cancelled_is_interrupted(kernel: Kernel) -> None:
    running = asyncio.create_task(said(kernel, "import time\nwhile True: time.sleep(1)"))
    await asyncio.sleep(0.3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await kernel.settled()
    assert await said(kernel, "'there'") == "'there'"


async def test_code_that_is_left_and_goes_on_is_killed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.interpreter.kernel.GRACE", 0.3)
    kernel = await opened()
    code = "import signal\nsignal.signal(2, signal.SIG_IGN)\nprint('begun')\nwhile True: pass"
    with kernel.running(code) as call:
        await anext(call)
    await kernel.settled()
    assert kernel.dead
    await kernel.sandbox.over.wait()


async def test_the_reader_may_take_its_time(kernel: Kernel) -> None:
    with kernel.running("for i in range(5): print(i)") as call:
        await asyncio.sleep(0.5)
        assert "".join([output.text async for output in call if isinstance(output, Logs)]) == "0\n1\n2\n3\n4\n"


async def test_limits_hold_while_nobody_reads(opened: Opened) -> None:
    kernel = await opened(seconds=0.5)
    with kernel.running("while True: print('x' * 10000)") as call:
        outputs = [await anext(call)]
        await asyncio.sleep(1)
        outputs += [output async for output in call]
    assert "It was stopped" in str(outputs[-1]) or "It said more" in str(outputs[-1])


async def test_what_comes_in_many_pieces_is_told_in_few(kernel: Kernel) -> None:
    code = "from IPython.display import display\nfor _ in range(500): display({'text/plain': 'a'}, raw=True)"
    told = await outputs(kernel, code)
    assert "".join(output.text for output in told if isinstance(output, Logs)) == "\n".join("a" * 500)
    assert len(told) < 100


@pytest.mark.parametrize("pieces", [["a"], [["a"]], [["a", 1]], [[1, True]], [{}]])
async def test_pieces_that_are_none(kernel: Kernel, monkeypatch: pytest.MonkeyPatch, pieces: object) -> None:
    async def forged() -> object:
        return {"logs": pieces}

    monkeypatch.setattr(kernel.sandbox, "receive", forged)
    with kernel.running("1") as call:
        assert "ended" in str([output async for output in call])
    assert kernel.dead
