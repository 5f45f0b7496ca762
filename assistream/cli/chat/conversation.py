"""One user, one assistant, and the thread they talk in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from ...client import Client
from ...errors import APIError, APIStatusError, AssistreamError
from ...handlers import AssistantEventHandler
from ...recording.words import waiting
from ...streaming.events import TERMINAL
from ...tools import FunctionTool
from ...types import Assistant, AssistantStreamEvent, Run
from ...types import FunctionTool as DefinedTool
from .watching import Watcher, ctrl_c_cancels

__all__ = ["Conversation", "InterruptedRunError"]


class InterruptedRunError(AssistreamError):
    """Ctrl-C: the run was cancelled."""


class Conversation:
    """Messages go into a thread, which is made with the first of them, and a run answers each.

    Args:
        client: Where it takes place.
        assistant: Who answers. What is in `options` replaces what the assistant says of it, in each run.
        functions: What the model may call; the assistant's own tools stay, but for those of the same names.
    """

    def __init__(
        self, client: Client, assistant: Assistant, functions: Sequence[FunctionTool[..., Any]], **options: str | None
    ) -> None:
        self.client: Client = client
        self.assistant: Assistant = assistant
        self.functions: Sequence[FunctionTool[..., Any]] = functions
        self.thread_id: str | None = None
        self.runs: int = 0
        self.prompt_tokens: int = 0
        self.completion_tokens: int = 0
        self._options: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        if functions:
            self._options["tools"] = [*self.other_tools(), *functions]

    def other_tools(self) -> list[Any]:
        """The assistant's tools that none of the functions replaces."""
        names = {function.name for function in self.functions}
        tools = [
            tool for tool in self.assistant.tools if not (isinstance(tool, DefinedTool) and tool.function.name in names)
        ]
        return [tool.to_dict(mode="json") for tool in tools]

    def go_on_with(self, thread_id: str) -> None:
        """Talk in this thread, if there is one."""
        self.thread_id = self.client.beta.threads.retrieve(thread_id).id

    def start_anew(self) -> None:
        self.thread_id = None

    def say(
        self,
        text: str,
        watcher: Watcher,
        *others: AssistantEventHandler,
        heard: Callable[[AssistantStreamEvent], object] = lambda event: None,
    ) -> Run:
        """Say something and let the handlers hear the answer, until the run has ended.

        Raises:
            InterruptedRunError: Ctrl-C was pressed.
            AssistreamError: What went wrong. The thread is free again, as far as that could be seen to.
        """
        threads = self.client.beta.threads
        if self.thread_id is None:
            self.thread_id = threads.create().id
        threads.messages.create(self.thread_id, role="user", content=text)
        handlers = (watcher, *others)
        run: Run | None = None
        with ctrl_c_cancels(watcher) as pressed:
            try:
                with threads.runs.create_and_stream(
                    self.thread_id, assistant_id=self.assistant.id, event_handler=handlers, **self._options
                ) as stream:
                    for event in stream:
                        heard(event)
                    run = stream.get_final_run()
            except KeyboardInterrupt:
                pass  # it is counted
            finally:
                run = run or watcher.current_run_or_none
                if not (run and run.status in TERMINAL):
                    self._stop(run)
        if pressed:
            raise InterruptedRunError("The run was cancelled.")
        return self._ended(run)

    def _ended(self, run: Run | None) -> Run:
        if run is None:
            raise AssistreamError("The server said nothing of a run.")
        self.runs += 1
        if run.usage:
            self.prompt_tokens += run.usage.prompt_tokens
            self.completion_tokens += run.usage.completion_tokens
        if names := waiting(run):
            raise AssistreamError(
                f"The run called {', '.join(names)}, which nobody here can answer, and was cancelled: "
                "--tools MODULE:FUNCTION gives functions."
            )
        return run

    def _stop(self, run: Run | None) -> None:
        """Nobody goes on with the run: cancel it, or the thread would take no more messages."""
        assert self.thread_id is not None
        runs = self.client.beta.threads.runs
        with suppress(APIError):
            if run is None:  # what was asked for may have begun all the same
                run = next(iter(runs.list(self.thread_id, limit=1)), None)
            if run is not None and run.status not in TERMINAL:
                with suppress(APIStatusError):  # it has ended by itself
                    runs.cancel(run.id, thread_id=self.thread_id)
                runs.poll(run.id, self.thread_id)
