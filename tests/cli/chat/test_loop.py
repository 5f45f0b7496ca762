"""The whole chat: on a real terminal, and between pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from assistream import Client
from assistream.cli.loading import load_model
from assistream.engine import Engine

from ..conftest import Command, complaint, said
from ..terminal import ALT_ENTER, CTRL_C, CTRL_D, ENTER, PASTE, TAB, UP, Terminal, on_terminal

ECHO = ("--model", "kit:echo")
TOOLS = ("--tools", "kit:refund", "--tools", "kit:sleep", "--tools", "kit:add")


def chat(*options: str) -> AbstractContextManager[Terminal]:
    return on_terminal("-m", "assistream", "chat", *options)


@contextmanager
def engine() -> Generator[Engine]:
    with Engine(model=load_model("kit:echo")) as running:
        yield running


# On a terminal ------------------------------------------------------------------------------------------------------


def test_question_and_answer_until_ctrl_d() -> None:
    with chat(*ECHO, "--instructions", "nothing") as terminal:
        terminal.wait_for_prompt()
        terminal.say("hello")
        terminal.wait_for("heard 'hello' from kit:echo, told nothing\ncompleted · 1 step")
        terminal.wait_for_prompt()
        terminal.say("   ")
        terminal.say("bye")
        terminal.wait_for("heard 'bye'")
        terminal.wait_for_prompt()
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        assert terminal.text.count("completed") == 2


def test_a_tool_and_its_approvals() -> None:
    with chat(*TOOLS) as terminal:
        terminal.wait_for_prompt()
        terminal.say("Refund order A17")
        terminal.wait_for("allow refund? [y/N/why not]")
        terminal.say("y")
        terminal.wait_for("← refund refunded A17")
        terminal.wait_for_prompt()
        terminal.say("Refund order A18")
        terminal.wait_for("[y/N/why not]", 2)
        terminal.say("it was used")
        terminal.wait_for("← refund it was used")
        terminal.wait_for_prompt()
        for times, refusal in ((3, ENTER), (4, "no" + ENTER), (5, CTRL_D)):
            terminal.say(f"Refund order A2{times}")
            terminal.wait_for("[y/N/why not]", times)
            terminal.type(refusal)
            terminal.wait_for("← refund The user did not allow this call.", times - 2)
            terminal.wait_for_prompt()
        terminal.say("add a=2 b=3")
        terminal.wait_for("← add 5")
        terminal.wait_for_prompt()
        terminal.say("/quit")
        assert terminal.end() == 0


def test_an_approval_is_not_given_before_it_is_asked_for() -> None:
    with chat(*TOOLS) as terminal:
        terminal.wait_for_prompt()
        terminal.type("Refund order A17" + ENTER + "y" + ENTER)
        terminal.wait_for("[y/N/why not]")
        terminal.say("not today")
        terminal.wait_for("← refund not today")
        assert "refunded" not in terminal.text


def test_ctrl_c_cancels_the_run_and_not_the_program() -> None:
    with engine() as server, Client(base_url=server.base_url) as client:
        with chat("--base-url", server.base_url, "--model", "remote") as terminal:
            terminal.wait_for_prompt()
            terminal.say("count")
            terminal.wait_for("\none")
            terminal.type(CTRL_C)
            terminal.wait_for("cancelled · 1 step")
            terminal.wait_for_prompt()
            terminal.say("and now?")
            terminal.wait_for("heard 'and now?' from remote")
            terminal.wait_for_prompt()
            terminal.type(CTRL_D)
            assert terminal.end() == 0
        hint = f"To go on: assistream chat --base-url {server.base_url} --thread "
        assert hint in terminal.written
        thread = terminal.written.split()[-1]
        statuses = [run.status for run in client.beta.threads.runs.list(thread, order="asc")]
        assert statuses == ["cancelled", "completed"]
        assert list(client.beta.assistants.list()) == []


def test_ctrl_c_while_a_function_runs_and_while_it_asks() -> None:
    with chat(*TOOLS) as terminal:
        terminal.wait_for_prompt()
        terminal.say("sleep for 3 seconds")
        terminal.wait_for("sleep: zzz")
        terminal.type(CTRL_C)
        terminal.wait_for("interrupted\ncancelled")
        terminal.wait_for_prompt()
        terminal.say("Refund order A17")
        terminal.wait_for("[y/N/why not]")
        terminal.type(CTRL_C)
        terminal.wait_for("interrupted\ncancelled", 2)
        terminal.wait_for_prompt()
        terminal.say("add a=2 b=3")
        terminal.wait_for("← add 5")
        terminal.wait_for_prompt()
        terminal.type(CTRL_D)
        assert terminal.end() == 0


def test_messages_of_several_lines() -> None:
    with chat(*ECHO) as terminal:
        terminal.wait_for_prompt()
        for number, keys in enumerate(("a\\" + ENTER + "b", "a" + ALT_ENTER + "b", PASTE.format("a\nb")), 1):
            terminal.type(keys)
            terminal.wait_for("> a\n  b", number)
            terminal.type(ENTER)
            terminal.wait_for(r"heard 'a\nb'", number)
            terminal.wait_for_prompt()
        terminal.type("never sent")
        terminal.wait_for("> never sent")
        terminal.type(CTRL_C)
        terminal.wait_for_prompt()
        terminal.say("sent")
        terminal.wait_for("heard 'sent'")


def test_what_was_typed_is_kept_for_the_next_chat(elsewhere: Path) -> None:
    with chat(*ECHO) as terminal:
        terminal.wait_for_prompt()
        terminal.say("something long")
        terminal.wait_for("heard 'something long'")
        terminal.wait_for_prompt()
        terminal.type(CTRL_D)
        assert terminal.end() == 0
    history = elsewhere / "state" / "assistream" / "history"
    assert "something long" in history.read_text(encoding="utf-8")
    assert history.stat().st_mode & 0o077 == 0
    with chat(*ECHO) as terminal:
        terminal.wait_for_prompt()
        terminal.type(UP)
        terminal.wait_for("> something long")
        terminal.type(ENTER)
        terminal.wait_for("heard 'something long'")


def test_a_thread_is_gone_on_with() -> None:
    with chat("--path", "state.db", *ECHO) as terminal:
        terminal.wait_for_prompt()
        terminal.say("remember the milk")
        terminal.wait_for("heard")
        terminal.wait_for_prompt()
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        last = terminal.text.splitlines()[-1]
    assert last.startswith("To go on: assistream chat --path state.db --thread thread_")
    with on_terminal("-m", *last.removeprefix("To go on: ").split()) as terminal:
        terminal.wait_for_prompt()
        terminal.say("/messages")
        terminal.wait_for("user:\nremember the milk\n\nassistant:\nheard 'remember the milk'")


def test_slash_commands_and_errors() -> None:
    with chat(*ECHO, *TOOLS) as terminal:
        terminal.wait_for_prompt()
        terminal.type("/hel" + TAB)
        terminal.wait_for("> /help")
        terminal.type(ENTER)
        terminal.wait_for("/usage        count the tokens of this chat")
        terminal.wait_for_prompt()
        terminal.say("/thread thread_none")
        terminal.wait_for("No thread found with id 'thread_none'")
        terminal.wait_for_prompt()
        terminal.say("fail")
        terminal.wait_for("✗ server_error")
        terminal.wait_for("failed · ")
        terminal.wait_for_prompt()
        terminal.say("//usr is a directory")
        terminal.wait_for("heard '/usr is a directory'")


# Between pipes ------------------------------------------------------------------------------------------------------


def test_each_line_is_a_message(command: Command) -> None:
    out = said(command("chat", *ECHO, stdin="one\n\ntwo\\\nthree\n//four"))
    assert [line for line in out.splitlines() if "heard" in line] == [
        f"heard {text!r} from kit:echo, told None" for text in ("one", "two\nthree", "//four")
    ]
    assert "\x1b" not in out


def test_all_of_it_is_a_message(command: Command) -> None:
    assert r"heard 'one\ntwo\\\n' from" in said(command("chat", *ECHO, "--whole", stdin="one\ntwo\\\n"))
    assert said(command("chat", *ECHO, "--whole", stdin="\n")) == ""


def test_json_is_what_happens(command: Command) -> None:
    out = said(command("chat", "--tools", "kit:get_weather", "--json", stdin="What is the weather in Oslo?"))
    events = [json.loads(line) for line in out.splitlines()]
    names = [event["event"] for event in events]
    assert names.index("thread.run.requires_action") < names.index("tool.started") < names.index("tool.output")
    assert names[-1] == "thread.run.completed"
    assert "rain in Oslo" in json.dumps(events)


def test_nobody_is_there_for_an_approval(command: Command) -> None:
    out = said(command("chat", "--tools", "kit:refund", stdin="Refund order A17"))
    assert "← refund This call needs an approval, and there is nobody who could give it." in out


def test_the_first_failure_is_the_last(command: Command) -> None:
    outcome = command("chat", *ECHO, stdin="one\nfail\ntwo\n")
    assert "ended as failed: server_error" in complaint(outcome, 1)
    assert "heard 'one'" in outcome.out
    assert "two" not in outcome.out


def test_ctrl_c_between_pipes() -> None:
    # A process started while SIGINT is ignored, as in a shell's background, would ignore it too.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-u", "-m", "assistream", "chat", *ECHO],
            env=os.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    finally:
        signal.signal(signal.SIGINT, previous)
    with process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("count\nagain\n")
        process.stdin.close()
        assert process.stdout.read(4) == "one "
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().startswith("\ncancelled · 1 step")
        assert process.stderr
        assert process.stderr.read() == ""
        assert process.wait(60) == 130


def test_a_chat_that_is_terminated_leaves_nothing_behind() -> None:
    with engine() as server, Client(base_url=server.base_url) as client:
        command = [sys.executable, "-m", "assistream", "chat", "--base-url", server.base_url, "--model", "remote"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            assert process.stdin
            assert process.stdout
            process.stdin.write(b"count\n")
            assert process.stdout.read(3) == b"one"
            process.terminate()
            process.stdout.read()
        assert process.returncode == 128 + signal.SIGTERM
        assert list(client.beta.assistants.list()) == []
