"""code_interpreter in runs, over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistream.engine import CodeInterpreter, Engine, Scripted, call
from assistream.engine.models import Turn
from assistream.errors import ConfigurationError
from tests.engine.conftest import Api, Event, Json, ScriptedEngine, names

MIB = 2**20
PNG = b"\x89PNG\r\n\x1a\n"
TOOL: Json = {"type": "code_interpreter"}
FOR_CODE: Json = {"tools": [TOOL]}


def runs(code: str) -> Turn:
    return call("code_interpreter", {"code": code})


@pytest.fixture
def engine_with(sandbox: None, scripted_engine: ScriptedEngine) -> ScriptedEngine:
    def start(*script: Turn | str, **options: Any) -> Api:
        limits = options.pop("limits", {})
        return scripted_engine(*script, code_interpreter=CodeInterpreter(**limits), **options)

    return start


def ran(api: Api, thread: Json | None = None, **fields: Any) -> list[Event]:
    assistant = api.assistant(**FOR_CODE)
    return api.run_stream(thread, assistant_id=assistant["id"], **fields)


def calls_in(events: list[Event]) -> list[Json]:
    """The calls of code as the steps say them at last."""
    steps = [event.data for event in events if event.name == "thread.run.step.completed"]
    return [one["code_interpreter"] for step in steps for one in step["step_details"].get("tool_calls", [])]


def logs(call: Json) -> str:
    return "".join(output.get("logs", "") for output in call["outputs"])


def answer(events: list[Event]) -> Json:
    message: Json = [event.data for event in events if event.name == "thread.message.completed"][-1]
    return message


def test_the_model_writes_code_and_goes_on(engine_with: ScriptedEngine) -> None:
    model = Scripted([runs("print('hello')\n6 * 7"), "It is 42."])
    events = ran(engine_with(model=model))
    assert names(events)[3:] == [
        *("run.step.created", "run.step.in_progress", "run.step.delta", "run.step.completed"),
        *("run.step.created", "run.step.in_progress", "message.created", "message.in_progress", "message.delta"),
        *("message.completed", "run.step.completed", "run.completed"),
    ]
    assert calls_in(events) == [
        {"input": "print('hello')\n6 * 7", "outputs": [{"type": "logs", "logs": "hello\n42"}]},
    ]
    assert model.requests[-1].messages[-1].content == "hello\n42"


def test_outputs_are_told_while_the_code_runs(engine_with: ScriptedEngine) -> None:
    events = ran(engine_with(runs("import time\nprint('one')\ntime.sleep(0.5)\nprint('two')"), "Done."))
    deltas = [event.data["delta"] for event in events if event.name == "thread.run.step.delta"]
    outputs = [
        output
        for delta in deltas
        for one in delta["step_details"]["tool_calls"]
        for output in one["code_interpreter"].get("outputs", [])
    ]
    assert outputs == [{"index": 0, "type": "logs", "logs": "one\n"}, {"index": 0, "type": "logs", "logs": "two\n"}]


def test_images_are_files_and_begin_the_answer(engine_with: ScriptedEngine) -> None:
    draw = f"from IPython.display import *\nprint('a')\ndisplay(Image({PNG!r} + b'x', format='png'))\nprint('b')"
    api = engine_with(runs(draw), "Here it is.")
    events = ran(api)
    (said,) = calls_in(events)
    assert [output["type"] for output in said["outputs"]] == ["logs", "image", "logs"]
    file_id = said["outputs"][1]["image"]["file_id"]
    assert api.client.get(f"/files/{file_id}/content").content == PNG + b"x"
    assert api.get(f"/files/{file_id}")["purpose"] == "assistants_output"
    assert [block["type"] for block in answer(events)["content"]] == ["image_file", "text"]
    assert answer(events)["content"][0]["image_file"]["file_id"] == file_id


def test_files_in_and_out(engine_with: ScriptedEngine) -> None:
    code = """
from pathlib import Path
import glob
data = Path("sales.csv").read_text()
assert data == Path("/mnt/data", [name for name in glob.glob("file-*")][0]).read_text()
Path("sub").mkdir()
Path("sub/my report.txt").write_text(data.upper())
None
"""
    link = "sandbox:/mnt/data/sub/my%20report.txt"
    api = engine_with(runs(code), f"See [it]({link}) and sandbox:/mnt/data/sales.csv.")
    file = api.upload(b"a,b", "sales.csv")
    thread = api.post("/threads", {"tool_resources": {"code_interpreter": {"file_ids": [file["id"]]}}})
    events = ran(api, thread)
    assert logs(calls_in(events)[0]) == ""
    first, second = answer(events)["content"][0]["text"]["annotations"]
    assert (first["type"], first["text"], first["start_index"], first["end_index"]) == (
        "file_path",
        link,
        9,
        9 + len(link),
    )
    made = api.get(f"/files/{first['file_path']['file_id']}")
    assert (made["filename"], made["purpose"], made["bytes"]) == ("/mnt/data/sub/my report.txt", "assistants_output", 3)
    assert api.client.get(f"/files/{made['id']}/content").content == b"A,B"
    assert second["file_path"]["file_id"] == file["id"]


@pytest.mark.parametrize("where", ["assistant", "message", "v1"])
def test_where_files_may_be_attached(engine_with: ScriptedEngine, where: str) -> None:
    api = engine_with(runs("print(open('a.txt').read())"), "Done.")
    file = api.upload(b"found", "a.txt")
    resources = {"tool_resources": {"code_interpreter": {"file_ids": [file["id"]]}}} if where == "assistant" else {}
    assistant = api.assistant(**FOR_CODE, **resources)
    attached: Json = {
        "message": {"attachments": [{"file_id": file["id"], **FOR_CODE}]},
        "v1": {"file_ids": [file["id"]]},
    }
    thread = (api.v1() if where == "v1" else api).post("/threads")
    message = {"role": "user", "content": "Read.", **attached.get(where, {})}
    (api.v1() if where == "v1" else api).post(f"/threads/{thread['id']}/messages", message)
    events = api.run_stream(thread, assistant_id=assistant["id"])
    assert logs(calls_in(events)[0]) == "found\n"


def test_one_of_other_tools_is_not_brought(engine_with: ScriptedEngine) -> None:
    api = engine_with(runs("import os; os.listdir()"), "Done.")
    file = api.upload(b"found", "a.txt")
    thread = api.thread()
    attached = {"attachments": [{"file_id": file["id"], "tools": [{"type": "file_search"}]}]}
    api.post(f"/threads/{thread['id']}/messages", {"role": "user", "content": "Hi", **attached})
    assert logs(calls_in(ran(api, thread))[0]) == "[]"


def test_a_changed_file_is_a_new_one_and_an_unchanged_one_is_not(engine_with: ScriptedEngine) -> None:
    write = "open('a.txt', 'w').write('{}'); None"
    api = engine_with(runs(write.format("one")), runs(write.format("one")), runs(write.format("two")), "Done.")
    ran(api)
    files = api.get("/files", order="asc")["data"]
    assert [api.client.get(f"/files/{file['id']}/content").text for file in files] == ["one", "two"]


def test_variables_and_files_stay_with_the_thread(engine_with: ScriptedEngine) -> None:
    api = engine_with(
        runs("x = 1; open('a', 'w').write('a'); None"), "Done.", runs("print(x, open('a').read())"), "Done."
    )
    thread = api.thread("Hello")
    ran(api, thread)
    assert logs(calls_in(ran(api, thread))[0]) == "1 a\n"


def test_files_outlive_the_kernel_and_the_engine(
    sandbox: None, tmp_path: Path, connect: Callable[[Engine], Api]
) -> None:
    def engine(*script: Turn | str) -> Engine:
        return Engine(tmp_path / "state.db", model=Scripted(script), code_interpreter=True)

    with engine(runs("import os; os.mkdir('d'); open('d/a b', 'w').write('kept'); None"), "Done.") as first:
        api = connect(first)
        thread = api.thread("Hello")
        ran(api, thread)
    with engine(runs("print(open('d/a b').read(), 'x' in globals())"), "See sandbox:/mnt/data/d/a b") as second:
        events = ran(connect(second), thread)
    assert logs(calls_in(events)[0]) == "kept False\n"
    assert answer(events)["content"][0]["text"]["annotations"][0]["type"] == "file_path"


def test_a_given_file_that_was_changed_stays_so(
    sandbox: None, tmp_path: Path, connect: Callable[[Engine], Api]
) -> None:
    """Also after calls that leave it alone, and in the next kernel."""

    def engine(*script: Turn | str) -> Engine:
        return Engine(tmp_path / "state.db", model=Scripted(script), code_interpreter=True)

    with engine(runs("open('a.txt', 'a').write('!'); None"), "Done.", runs("1"), "sandbox:/mnt/data/a.txt") as first:
        api = connect(first)
        file = api.upload(b"given", "a.txt")
        thread = api.post("/threads", {"tool_resources": {"code_interpreter": {"file_ids": [file["id"]]}}})
        ran(api, thread)
        (link,) = answer(ran(api, thread))["content"][0]["text"]["annotations"]
        assert api.client.get(f"/files/{link['file_path']['file_id']}/content").text == "given!"
        path = file["id"]
    code = f"print(open('a.txt').read(), open('{path}').read())"
    with engine(runs(code), f"sandbox:/mnt/data/{path}") as second:
        events = ran(connect(second), thread)
    assert logs(calls_in(events)[0]) == "given! given!\n"
    assert answer(events)["content"][0]["text"]["annotations"][0]["file_path"] == link["file_path"]


def test_the_model_is_told_of_errors_and_goes_on(engine_with: ScriptedEngine) -> None:
    model = Scripted([runs("1 / 0"), runs("import os; os._exit(1)"), runs("1"), "Sorry."])
    events = ran(engine_with(model=model))
    told = [message.text for message in model.requests[-1].messages if message.role == "tool"]
    assert told[0].endswith("ZeroDivisionError: division by zero")
    assert told[1].startswith("[The Python process has ended with status 1.")
    assert told[2] == "1"
    assert events[-1].name == "thread.run.completed"


@pytest.mark.parametrize("arguments", ["{}", '{"code": ""}', '{"code": " "}', '{"other": 1}'])
def test_a_call_without_code(engine_with: ScriptedEngine, arguments: str) -> None:
    model = Scripted([call("code_interpreter", arguments), "Sorry."])
    events = ran(engine_with(model=model))
    assert "there is no code" in model.requests[-1].messages[-1].text
    assert events[-1].name == "thread.run.completed"


def test_much_is_told_in_part(engine_with: ScriptedEngine) -> None:
    model = Scripted([runs("print('begin', 'x' * 50000, 'end')"), "Done."])
    ran(engine_with(model=model))
    told = model.requests[-1].messages[-1].text
    assert told.startswith("begin xxx")
    assert told.endswith("xxx end")
    assert "characters are left out here]" in told
    assert len(told) < 20_100


def test_what_does_not_fit_is_told(engine_with: ScriptedEngine) -> None:
    api = engine_with(runs("print('on')"), "Done.", limits={"disk": MIB})
    file = api.upload(b"x" * 2 * MIB, "large.bin")
    thread = api.post("/threads", {"tool_resources": {"code_interpreter": {"file_ids": [file["id"]]}}})
    assert logs(calls_in(ran(api, thread))[0]) == "[There is no room in /mnt/data/ for large.bin.]on\n"


def test_more_files_than_are_kept(engine_with: ScriptedEngine) -> None:
    api = engine_with(runs("for i in range(5): open(f'{i}.txt', 'w').write('a')"), "Done.", limits={"files": 2})
    told = logs(calls_in(ran(api))[0])
    assert told == "[/mnt/data/2.txt and 2 more are not kept: there are too many files, or too large ones.]"
    assert len(api.get("/files")["data"]) == 2


def test_a_run_does_not_fill_the_disk(engine_with: ScriptedEngine) -> None:
    write = "import os; open('a', 'wb').write(os.urandom(2**20 - 2**16)); None"
    show = f"from IPython.display import *\ndisplay(Image({PNG!r} + b'x' * 2**20, format='png'))"
    killed = "import os; os._exit(1)"
    calls = [runs(code) for _ in range(5) for code in (write, write, killed)]
    api = engine_with(*calls, runs(show), "Done.", runs(write), "Done.", limits={"disk": MIB})
    thread = api.thread("Hello")
    *written, image = calls_in(ran(api, thread))
    assert logs(image) == "\n[An image is not kept: this run has made too much already.]\n"
    assert ["is not kept" in logs(call) for call in written[-3:-1]] == [True, True]
    assert sum(file["bytes"] for file in api.get("/files")["data"]) <= 8 * MIB
    assert logs(calls_in(ran(api, thread))[0]) == ""


def test_links_and_other_things_are_not_followed(engine_with: ScriptedEngine) -> None:
    code = """
import os, socket
os.symlink("/etc/passwd", "passwd"); os.symlink("..", "up"); os.mkfifo("pipe"); os.symlink("/proc/1/environ", "env")
socket.socket(socket.AF_UNIX).bind("socket")
open("new\\nline", "w"); open(b"\\xff", "w"); os.mkdir("a"); os.symlink("../..", "a/b")
f = open("sparse", "wb"); f.truncate(200 * 2**20); f.close()
open("good", "w").write("good"); os.link("good", "good too")
None
"""
    api = engine_with(runs(code), "Done.", limits={"disk": 201 * MIB})
    ran(api)
    assert {file["filename"] for file in api.get("/files")["data"]} == {
        *("/mnt/data/good", "/mnt/data/good too", "/mnt/data/sparse"),
    }


def test_a_cancelled_run_interrupts_its_code(engine_with: ScriptedEngine) -> None:
    api = engine_with(
        *(runs("x = 1"), "Done.", runs("import time\nprint('begun')\nwhile True: time.sleep(1)")),
        *(runs("x"), "Done."),
    )
    thread = api.thread("Hello")
    ran(api, thread)
    run = api.run(thread, assistant_id=api.assistant(**FOR_CODE)["id"])
    path = f"/threads/{thread['id']}/runs/{run['id']}"
    while "begun" not in json.dumps([event.data for event in _told(api, path)]):
        time.sleep(0.05)
    api.post(f"{path}/cancel")
    assert api.finished(run)["status"] == "cancelled"
    assert logs(calls_in(ran(api, thread))[0]) == "1"


def _told(api: Api, path: str) -> list[Event]:
    """The events until now of a run that goes on."""
    found: list[Event] = []
    headers = {"OpenAI-Beta": "assistants=v2"}
    with api.client.stream("GET", f"{path}/stream", headers=headers, timeout=1) as response:
        for line in response.iter_lines():
            if line.startswith("data: {"):
                found.append(Event("", "", json.loads(line[6:])))
                if "begun" in line:
                    break
    return found


def test_a_deleted_thread_leaves_no_kernel(engine_with: ScriptedEngine) -> None:
    api = engine_with(runs("import os; print(os.readlink('/proc/self/ns/pid'))"), "Done.")
    thread = api.thread("Hello")
    space = logs(calls_in(ran(api, thread))[0]).strip()
    assert _processes_in(space)
    api.delete(f"/threads/{thread['id']}")
    while _processes_in(space):
        time.sleep(0.05)


def _processes_in(space: str) -> list[str]:
    found: list[str] = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{process}/ns/pid") == space:
                found.append(process)
    return found


def test_engines_close_while_code_runs(sandbox: None, connect: Callable[[Engine], Api]) -> None:
    engine = Engine(model=Scripted([runs("while True: pass")]), code_interpreter=True)
    with engine:
        api = connect(engine)
        run = api.run(assistant_id=api.assistant(**FOR_CODE)["id"])
        while api.get(f"/threads/{run['thread_id']}/runs/{run['id']}")["status"] != "in_progress":
            pass
        time.sleep(0.3)
    assert not [thread for thread in threading.enumerate() if "assistream-engine" in thread.name]


def test_switched_off_it_is_not_offered(scripted_engine: ScriptedEngine) -> None:
    model = Scripted(["Hello"])
    events = ran(scripted_engine(model=model))
    assert events[-1].name == "thread.run.completed"
    assert model.requests[-1].tools == []


def test_without_a_sandbox_the_engine_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="code_interpreter has no sandbox here: bubblewrap is not installed"):
        Engine(code_interpreter=True).start()


def test_a_sandbox_that_does_not_come_up(sandbox: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bwrap = tmp_path / "bwrap"
    bwrap.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    bwrap.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ConfigurationError, match=r"No permissions to create new namespace\. It must be allowed to"):
        Engine(code_interpreter=True).start()


@pytest.mark.parametrize("wrong", [1, None, "yes", {}, CodeInterpreter])
def test_options_that_make_no_sense(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="code_interpreter must be True, False, or CodeInterpreter"):
        Engine(code_interpreter=wrong)
