"""code_interpreter: the model writes Python, the thread's kernel runs it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from .. import recall
from ..builtin.base import Answer, BadCall, Job, Reader
from ..builtin.base import Broken as RunBroken
from ..builtin.code import CodeReader
from ..lifecycle import Document
from ..store import Store
from ..tables import STEPS, THREADS
from .bubblewrap import Recipe, refusal
from .budget import Budget, Budgets
from .kernel import Image, Kernel, Logs
from .kernels import Kernels
from .limits import CodeInterpreter
from .sandbox import Broken
from .workspace import LINK, Workspace, links, made, store_image

_log = logging.getLogger("assistream.engine")

TOLD = 20_000
"""Characters of what code has said that the model is told: the first half of them and the last."""


class Interpreter:
    """The tool, as the engine runs it; to be closed. `start` is awaited first."""

    type = "code_interpreter"
    description: str = (
        "Runs Python code in a Jupyter notebook of this conversation, and returns what it prints and what its last"
        " line comes to. Variables and imports stay from one call to the next. There is no access to the internet."
        " The user's files are in the working directory /mnt/data; list it to see them. Files that you write there"
        f" are kept: link to them as [name]({LINK}name), so that the user can download them. Images that are shown,"
        " with matplotlib for example, are shown to the user."
    )
    parameters: Mapping[str, object] = {
        "type": "object",
        "properties": {"code": {"type": "string", "description": "Python code; shell commands begin with !"}},
        "required": ["code"],
    }

    def __init__(self, store: Store, recipe: Recipe) -> None:
        self._store, self._options = store, recipe.options
        self._kernels = Kernels(recipe)
        self._budgets = Budgets(recipe.options.disk)
        self._workspaces: WeakKeyDictionary[Kernel, Workspace] = WeakKeyDictionary()

    async def start(self) -> None:
        """Tries the sandbox, and keeps what it has tried for whoever comes first. Raises `ConfigurationError`."""
        try:
            await self._kernels.warm()
        except Broken as error:
            raise refusal(str(error)) from error

    async def close(self) -> None:
        await self._kernels.close()

    def opening(self, run: Document) -> Document:
        return {"input": "", "outputs": []}

    def reader(self) -> Reader:
        return CodeReader()

    async def prepare(self, run: Document) -> None:
        pass

    def forget(self, thread_id: str) -> None:
        self._kernels.forget(thread_id)

    async def work(self, job: Job) -> Answer:
        code: str = job.body["input"]
        if not code.strip():
            raise BadCall('there is no code. Call it with {"code": "..."}.')
        run = job.run
        files = await self._files(run)

        async def prepare(kernel: Kernel) -> None:
            self._workspaces[kernel] = workspace = Workspace(kernel, self._store, self._options)
            await workspace.restore(await self._made(run, files))

        try:
            async with self._kernels.kernel(run["thread_id"], prepare) as kernel:
                return await self._run(job, code, kernel, files)
        except Broken as error:
            _log.error("No kernel for thread %s: %s", run["thread_id"], error)
            raise RunBroken("The code interpreter could not be started.") from error

    async def _run(self, job: Job, code: str, kernel: Kernel, files: list[str]) -> Answer:
        budget = self._budgets.of(job.run["thread_id"], job.run["id"])
        workspace, outputs = self._workspaces[kernel], Outputs(job, self._store, budget)
        for complaint in await workspace.bring(files):
            await outputs.say(complaint)
        workspace.remember()
        with kernel.running(code) as call:
            async for output in call:
                if isinstance(output, Logs):
                    await outputs.say(output.text)
                else:
                    await outputs.show(output)
        written, complaints = await workspace.keep(budget)
        for complaint in complaints:
            await outputs.say(complaint)
        return Answer(outputs.told(written), sources=workspace.sources() | links(written))

    async def _files(self, run: Document) -> list[str]:
        """Of the assistant, as the run has it, of the thread, and of the thread's messages."""
        async with self._store.transaction() as transaction:
            thread = await transaction.get(THREADS, run["thread_id"]) or {}
            messages = await transaction.speaking_of("code_interpreter", run["thread_id"])
        attached = [one["file_id"] for message in messages for one in message["attachments"] if _is_for_code(one)]
        return list(dict.fromkeys([*_named(run), *_named(thread), *attached]))

    async def _made(self, run: Document, files: list[str]) -> dict[str, str]:
        """What code has written in the thread before, the newest of each path."""
        sources: dict[str, str] = {}
        async with self._store.transaction() as transaction:
            steps = await transaction.all(STEPS, thread_id=run["thread_id"])
        for step in steps:
            if step["type"] == "tool_calls":
                sources |= recall.sources(step)
        return made(sources, without=files)


def opened(store: Store, options: CodeInterpreter) -> Interpreter:
    """Raises `ConfigurationError` where there is no sandbox."""
    return Interpreter(store, Recipe.on_this_machine(options))


class Outputs:
    """What a call says, as clients are sent it, and as the model is told."""

    def __init__(self, job: Job, store: Store, budget: Budget) -> None:
        self._job, self._store, self._budget = job, store, budget
        self._index = -1
        self._is_logs = False
        self._said: list[str] = []

    async def say(self, text: str) -> None:
        if not self._is_logs:
            self._index, self._is_logs = self._index + 1, True
        self._said.append(text)
        await self._send({"type": "logs", "logs": text})

    async def show(self, image: Image) -> None:
        if not self._budget.take(len(image.data)):
            await self.say("\n[An image is not kept: this run has made too much already.]\n")
            return
        kind = "png" if image.data.startswith(b"\x89PNG") else "jpg"
        name = f"{self._job.id}-{self._index + 1}.{kind}"
        file_id = await store_image(self._store, name, image.data)
        self._index, self._is_logs = self._index + 1, False
        self._said.append("\n[An image, which the user sees]\n")
        await self._send({"type": "image", "image": {"file_id": file_id}})

    async def _send(self, output: Document) -> None:
        await self._job.say({"outputs": [{"index": self._index, **output}]})

    def told(self, written: Mapping[str, str]) -> str:
        said = "".join(self._said).strip("\n")
        if len(said) > TOLD:
            left_out = len(said) - TOLD
            said = f"{said[: TOLD // 2]}\n[{left_out} characters are left out here]\n{said[-TOLD // 2 :]}"
        said += "".join(f"\nFile written: {LINK}{path}" for path in written)
        return said.strip("\n") or "[It ran, and said nothing.]"


def _named(document: Document) -> list[str]:
    resources: Document = document.get("tool_resources") or {}
    of_code: Document = resources.get("code_interpreter") or {}
    ids: list[str] = of_code.get("file_ids") or []
    return ids


def _is_for_code(attachment: Document) -> bool:
    tools: list[Document] = attachment.get("tools") or []
    return any(tool["type"] == "code_interpreter" for tool in tools)
