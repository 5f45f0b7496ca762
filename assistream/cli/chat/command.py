"""The command's options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..options import ApiKey, BaseUrl, Json

__all__ = ["chat"]

Path_ = Annotated[
    Path | None,
    typer.Option(
        "--path", metavar="FILE", dir_okay=False, help="Where the embedded server keeps everything; else it does not."
    ),
]
ModelUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="A server that speaks Chat Completions; with it, the embedded server answers."),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The model's name at its server. Without any server: rehearsal, which is offline, or MODULE:NAME.",
    ),
]
KeyVariable = Annotated[
    str | None, typer.Option(metavar="VARIABLE", help="The environment variable that holds the key for --model-url.")
]
AssistantId = Annotated[
    str | None, typer.Option("--assistant", metavar="ID", help="An assistant that is there; else one for this chat.")
]
ThreadId = Annotated[str | None, typer.Option("--thread", metavar="ID", help="A thread to go on with; else a new one.")]
Instructions = Annotated[str | None, typer.Option(metavar="TEXT", help="What the assistant is told to be and to do.")]
Tools = Annotated[
    list[str] | None,
    typer.Option("--tools", metavar="MODULE:FUNCTION", help="A function that the model may call; can be repeated."),
]
History = Annotated[
    Path | None,
    typer.Option(metavar="FILE", dir_okay=False, help="What was typed before. Default: a file in your home directory."),
]
Whole = Annotated[bool, typer.Option("--whole", help="Take all of standard input for one message, not each line.")]


def chat(
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    path: Path_ = None,
    model_url: ModelUrl = None,
    model: Model = None,
    model_key: KeyVariable = None,
    assistant: AssistantId = None,
    thread: ThreadId = None,
    instructions: Instructions = None,
    tools: Tools = None,
    history: History = None,
    whole: Whole = False,
    json: Json = False,
) -> None:
    """Talk with an assistant.

    Without a server, one runs inside of this program. Ctrl-C stops an answer, Ctrl-D ends; /help tells the rest.
    """
    from .loop import run
    from .opening import Options, opened
    from .watching import termination_cleans_up

    options = Options(base_url, api_key, path, model_url, model, model_key, assistant, instructions, tools or [])
    with termination_cleans_up(), opened(options) as conversation:
        if thread is not None:
            conversation.go_on_with(thread)
        code = run(conversation, history=history, whole=whole, json=json, again=options.again())
    raise typer.Exit(code)
