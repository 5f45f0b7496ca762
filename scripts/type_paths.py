"""Write `assistream/types/__init__.py` and the import paths of types and resources; `--check` only compares.

Programs import types by the paths of the reference client: `from openai.types.beta.threads.run import Run`. The same
paths below `assistream.types` are small modules that import from ours. PATHS lists them: a module, and the names it
offers, as `Theirs=Ours` where ours is called otherwise. The first name stands in the package as well, so that
`openai.types.beta.threads.Run` is found too. Which of our modules a name is in is read from their source.
RESOURCES lists in the same way where the reference client has the classes of `client.beta`: a module of it, and a
resource, each of which has six classes.

Packages find their modules as attributes: type checkers by an import, programs when they ask.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parent.parent
TYPES = ROOT / "assistream" / "types"
BETA = ROOT / "assistream" / "resources" / "beta"
HEADER = "# Written by scripts/type_paths.py; edit that file instead.\n"
INTERNAL = {"Always", "always", "Open"}
"""Markers that our own models are written with."""
MODULES = (
    "base assistants threads messages runs steps tools files stores models events pages inputs params store_params"
)


def prefixed(prefix: str, entries: str) -> str:
    return " ".join(prefix + entry for entry in entries.split())


def variants(params: str) -> str:
    """The names under which the reference client tells parameters with and without `stream=True` apart."""
    return f"{params}Base={params} {params}NonStreaming={params} {params}Streaming={params}"


TOOL_RESOURCES = "ToolResources ToolResourcesCodeInterpreter ToolResourcesFileSearch"
TOOL_RESOURCES_PARAM = (
    "ToolResources=ToolResourcesParam ToolResourcesCodeInterpreter=ToolResourcesCodeInterpreterParam"
    " ToolResourcesFileSearch=ToolResourcesFileSearchParam"
)
VECTOR_STORE_PARAM = (
    "ToolResourcesFileSearchVectorStore=ToolResourcesVectorStoreParam"
    " ToolResourcesFileSearchVectorStoreChunkingStrategy=FileChunkingStrategyParam"
    " ToolResourcesFileSearchVectorStoreChunkingStrategyAuto=AutoFileChunkingStrategyParam"
    " ToolResourcesFileSearchVectorStoreChunkingStrategyStatic=StaticFileChunkingStrategyObjectParam"
    " ToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic=StaticFileChunkingStrategyParam"
)
THREAD_RESOURCES_PARAM = prefixed("Thread", f"{TOOL_RESOURCES_PARAM} {VECTOR_STORE_PARAM}")
ATTACHMENT_PARAM = (
    "Attachment=AttachmentParam AttachmentTool=AssistantToolParam AttachmentToolFileSearch=FileSearchToolParam"
)
MESSAGE_ATTACHMENT_PARAM = prefixed("Message", ATTACHMENT_PARAM)
THREAD_EVENTS = (
    "ThreadCreated ThreadRunCreated ThreadRunQueued ThreadRunInProgress ThreadRunRequiresAction ThreadRunCompleted"
    " ThreadRunIncomplete ThreadRunFailed ThreadRunCancelling ThreadRunCancelled ThreadRunExpired ThreadRunStepCreated"
    " ThreadRunStepInProgress ThreadRunStepDelta ThreadRunStepCompleted ThreadRunStepFailed ThreadRunStepCancelled"
    " ThreadRunStepExpired ThreadMessageCreated ThreadMessageInProgress ThreadMessageDelta ThreadMessageCompleted"
    " ThreadMessageIncomplete ErrorEvent UnknownEvent"
)

PATHS = {
    "beta.assistant": f"Assistant {TOOL_RESOURCES}",
    "beta.assistant_create_params": f"AssistantCreateParams {TOOL_RESOURCES_PARAM} {VECTOR_STORE_PARAM}",
    "beta.assistant_deleted": "AssistantDeleted",
    "beta.assistant_list_params": "AssistantListParams",
    "beta.assistant_response_format_option": "AssistantResponseFormatOption",
    "beta.assistant_response_format_option_param": "AssistantResponseFormatOptionParam",
    "beta.assistant_stream_event": f"AssistantStreamEvent {THREAD_EVENTS}",
    "beta.assistant_tool": "AssistantTool",
    "beta.assistant_tool_choice": "AssistantToolChoice",
    "beta.assistant_tool_choice_function": "AssistantToolChoiceFunction",
    "beta.assistant_tool_choice_function_param": "AssistantToolChoiceFunctionParam",
    "beta.assistant_tool_choice_option": "AssistantToolChoiceOption",
    "beta.assistant_tool_choice_option_param": "AssistantToolChoiceOptionParam",
    "beta.assistant_tool_choice_param": "AssistantToolChoiceParam",
    "beta.assistant_tool_param": "AssistantToolParam",
    "beta.assistant_update_params": f"AssistantUpdateParams {TOOL_RESOURCES_PARAM}",
    "beta.code_interpreter_tool": "CodeInterpreterTool",
    "beta.code_interpreter_tool_param": "CodeInterpreterToolParam",
    "beta.file_search_tool": (
        "FileSearchTool FileSearch=FileSearchToolOptions FileSearchRankingOptions=FileSearchToolRankingOptions"
    ),
    "beta.file_search_tool_param": (
        "FileSearchToolParam FileSearch=FileSearchOptionsParam FileSearchRankingOptions=FileSearchRankingOptionsParam"
    ),
    "beta.function_tool": "FunctionTool",
    "beta.function_tool_param": "FunctionToolParam",
    "beta.retrieval_tool": "RetrievalTool",
    "beta.retrieval_tool_param": "RetrievalToolParam",
    "beta.thread": f"Thread {TOOL_RESOURCES}",
    "beta.thread_create_and_run_params": (
        f"ThreadCreateAndRunParams {variants('ThreadCreateAndRunParams')} Thread=ThreadParam ThreadMessage=MessageParam"
        f" {prefixed('Thread', MESSAGE_ATTACHMENT_PARAM)}"
        f" TruncationStrategy=TruncationStrategyParam Tool=AssistantToolParam {TOOL_RESOURCES_PARAM}"
        f" {THREAD_RESOURCES_PARAM}"
    ),
    "beta.thread_create_params": (
        f"ThreadCreateParams Message=MessageParam {MESSAGE_ATTACHMENT_PARAM} {TOOL_RESOURCES_PARAM}"
        f" {VECTOR_STORE_PARAM}"
    ),
    "beta.thread_deleted": "ThreadDeleted",
    "beta.thread_update_params": f"ThreadUpdateParams {TOOL_RESOURCES_PARAM}",
    "beta.vector_store": "VectorStore FileCounts ExpiresAfter",
    "beta.vector_store_deleted": "VectorStoreDeleted",
    "beta.vector_stores.vector_store_file": "VectorStoreFile LastError=VectorStoreFileError",
    "beta.vector_stores.vector_store_file_batch": "VectorStoreFileBatch FileCounts",
    "beta.vector_stores.vector_store_file_deleted": "VectorStoreFileDeleted",
    "beta.assistants.assistant_file": "AssistantFile",
    "beta.assistants.file_create_params": "FileCreateParams=AssistantFileCreateParams",
    "beta.assistants.file_delete_response": "FileDeleteResponse=AssistantFileDeleted",
    "beta.assistants.file_list_params": "FileListParams=PageParams",
    "beta.threads.messages.file_list_params": "FileListParams=PageParams",
    "beta.threads.messages.message_file": "MessageFile",
    "chat_model": "ChatModel",
    "auto_file_chunking_strategy_param": "AutoFileChunkingStrategyParam",
    "file_chunking_strategy": "FileChunkingStrategy",
    "file_chunking_strategy_param": "FileChunkingStrategyParam",
    "file_content": "FileContent",
    "file_create_params": "FileCreateParams ExpiresAfter=FileExpiresAfterParam",
    "file_deleted": "FileDeleted",
    "file_list_params": "FileListParams",
    "file_object": "FileObject",
    "file_purpose": "FilePurpose",
    "model": "Model",
    "model_deleted": "ModelDeleted",
    "other_file_chunking_strategy_object": "OtherFileChunkingStrategyObject",
    "static_file_chunking_strategy": "StaticFileChunkingStrategy",
    "static_file_chunking_strategy_object": "StaticFileChunkingStrategyObject",
    "static_file_chunking_strategy_object_param": "StaticFileChunkingStrategyObjectParam",
    "static_file_chunking_strategy_param": "StaticFileChunkingStrategyParam",
    "vector_store": "VectorStore ExpiresAfter FileCounts",
    "vector_store_create_params": "VectorStoreCreateParams ExpiresAfter=ExpiresAfterParam",
    "vector_store_deleted": "VectorStoreDeleted",
    "vector_store_list_params": "VectorStoreListParams",
    "vector_store_search_params": (
        "VectorStoreSearchParams Filters=VectorStoreFiltersParam RankingOptions=SearchRankingOptionsParam"
    ),
    "vector_store_search_response": "VectorStoreSearchResponse Content=VectorStoreSearchContent",
    "vector_store_update_params": "VectorStoreUpdateParams ExpiresAfter=ExpiresAfterParam",
    "vector_stores.file_batch_create_params": "FileBatchCreateParams File=BatchFileParam",
    "vector_stores.file_batch_list_files_params": "FileBatchListFilesParams=VectorStoreFileListParams",
    "vector_stores.file_content_response": "FileContentResponse",
    "vector_stores.file_create_params": "FileCreateParams=VectorStoreFileCreateParams",
    "vector_stores.file_list_params": "FileListParams=VectorStoreFileListParams",
    "vector_stores.file_update_params": "FileUpdateParams=VectorStoreFileUpdateParams",
    "vector_stores.vector_store_file": "VectorStoreFile LastError=VectorStoreFileError",
    "vector_stores.vector_store_file_batch": "VectorStoreFileBatch FileCounts",
    "vector_stores.vector_store_file_deleted": "VectorStoreFileDeleted",
    "shared.chat_model": "ChatModel",
    "shared.comparison_filter": "ComparisonFilter",
    "shared.compound_filter": "CompoundFilter Filter=ComparisonFilter",
    "shared.error_object": "ErrorObject",
    "shared.function_definition": "FunctionDefinition",
    "shared.function_parameters": "FunctionParameters",
    "shared.metadata": "Metadata",
    "shared.reasoning_effort": "ReasoningEffort",
    "shared.response_format_json_object": "ResponseFormatJSONObject",
    "shared.response_format_json_schema": "ResponseFormatJSONSchema JSONSchema",
    "shared.response_format_text": "ResponseFormatText",
    "shared_params.chat_model": "ChatModel",
    "shared_params.comparison_filter": "ComparisonFilter=ComparisonFilterParam",
    "shared_params.compound_filter": "CompoundFilter=CompoundFilterParam Filter=ComparisonFilterParam",
    "shared_params.function_parameters": "FunctionParameters",
    "shared_params.function_definition": "FunctionDefinition=FunctionDefinitionParam",
    "shared_params.metadata": "Metadata=MetadataParam",
    "shared_params.reasoning_effort": "ReasoningEffort",
    "shared_params.response_format_json_object": "ResponseFormatJSONObject=ResponseFormatJSONObjectParam",
    "shared_params.response_format_json_schema": (
        "ResponseFormatJSONSchema=ResponseFormatJSONSchemaParam JSONSchema=JSONSchemaParam"
    ),
    "shared_params.response_format_text": "ResponseFormatText=ResponseFormatTextParam",
    "beta.threads.annotation": "Annotation",
    "beta.threads.annotation_delta": "AnnotationDelta",
    "beta.threads.file_citation_annotation": "FileCitationAnnotation FileCitation",
    "beta.threads.file_citation_delta_annotation": "FileCitationDeltaAnnotation FileCitation=FileCitationDelta",
    "beta.threads.file_path_annotation": "FilePathAnnotation FilePath",
    "beta.threads.file_path_delta_annotation": "FilePathDeltaAnnotation FilePath=FilePathDelta",
    "beta.threads.image_file": "ImageFile",
    "beta.threads.image_file_content_block": "ImageFileContentBlock",
    "beta.threads.image_file_content_block_param": "ImageFileContentBlockParam",
    "beta.threads.image_file_delta": "ImageFileDelta",
    "beta.threads.image_file_delta_block": "ImageFileDeltaBlock",
    "beta.threads.image_file_param": "ImageFileParam",
    "beta.threads.image_url": "ImageURL",
    "beta.threads.image_url_content_block": "ImageURLContentBlock",
    "beta.threads.image_url_content_block_param": "ImageURLContentBlockParam",
    "beta.threads.image_url_delta": "ImageURLDelta",
    "beta.threads.image_url_delta_block": "ImageURLDeltaBlock",
    "beta.threads.image_url_param": "ImageURLParam",
    "beta.threads.message": (
        "Message Attachment AttachmentTool=AssistantTool AttachmentToolAssistantToolsFileSearchTypeOnly=FileSearchTool"
        " IncompleteDetails=MessageIncompleteDetails"
    ),
    "beta.threads.message_content": "MessageContent",
    "beta.threads.message_content_delta": "MessageContentDelta",
    "beta.threads.message_content_part_param": "MessageContentPartParam",
    "beta.threads.message_create_params": f"MessageCreateParams {ATTACHMENT_PARAM}",
    "beta.threads.message_deleted": "MessageDeleted",
    "beta.threads.message_delta": "MessageDelta",
    "beta.threads.message_delta_event": "MessageDeltaEvent",
    "beta.threads.message_list_params": "MessageListParams",
    "beta.threads.message_update_params": "MessageUpdateParams",
    "beta.threads.refusal_content_block": "RefusalContentBlock",
    "beta.threads.refusal_delta_block": "RefusalDeltaBlock",
    "beta.threads.required_action_function_tool_call": (
        "RequiredActionFunctionToolCall Function=RequiredActionFunction"
    ),
    "beta.threads.run": (
        "Run IncompleteDetails=RunIncompleteDetails LastError RequiredAction RequiredActionSubmitToolOutputs"
        " TruncationStrategy Usage"
    ),
    "beta.threads.run_create_params": (
        f"RunCreateParams {variants('RunCreateParams')} AdditionalMessage=MessageParam"
        f" {prefixed('AdditionalMessage', ATTACHMENT_PARAM)} TruncationStrategy=TruncationStrategyParam"
    ),
    "beta.threads.run_list_params": "RunListParams",
    "beta.threads.run_status": "RunStatus",
    "beta.threads.run_submit_tool_outputs_params": (
        f"RunSubmitToolOutputsParams {variants('RunSubmitToolOutputsParams')} ToolOutput"
    ),
    "beta.threads.run_update_params": "RunUpdateParams",
    "beta.threads.text": "Text",
    "beta.threads.text_content_block": "TextContentBlock",
    "beta.threads.text_content_block_param": "TextContentBlockParam",
    "beta.threads.text_delta": "TextDelta",
    "beta.threads.text_delta_block": "TextDeltaBlock",
    "beta.threads.runs.code_interpreter_logs": "CodeInterpreterLogs",
    "beta.threads.runs.code_interpreter_output_image": "CodeInterpreterOutputImage Image=CodeInterpreterImageDelta",
    "beta.threads.runs.code_interpreter_tool_call": (
        "CodeInterpreterToolCall CodeInterpreter CodeInterpreterOutput"
        " CodeInterpreterOutputImage=CodeInterpreterImageOutput CodeInterpreterOutputImageImage=CodeInterpreterImage"
        " CodeInterpreterOutputLogs=CodeInterpreterLogsOutput"
    ),
    "beta.threads.runs.code_interpreter_tool_call_delta": (
        "CodeInterpreterToolCallDelta CodeInterpreter=CodeInterpreterDelta"
        " CodeInterpreterOutput=CodeInterpreterOutputDelta"
    ),
    "beta.threads.runs.file_search_tool_call": (
        "FileSearchToolCall FileSearch FileSearchRankingOptions FileSearchResult FileSearchResultContent"
    ),
    "beta.threads.runs.file_search_tool_call_delta": "FileSearchToolCallDelta",
    "beta.threads.runs.function_tool_call": "FunctionToolCall Function",
    "beta.threads.runs.function_tool_call_delta": "FunctionToolCallDelta Function=FunctionDelta",
    "beta.threads.runs.message_creation_step_details": "MessageCreationStepDetails MessageCreation",
    "beta.threads.runs.retrieval_tool_call": "RetrievalToolCall",
    "beta.threads.runs.retrieval_tool_call_delta": "RetrievalToolCallDelta",
    "beta.threads.runs.run_step": "RunStep LastError StepDetails Usage",
    "beta.threads.runs.run_step_delta": "RunStepDelta StepDetails=StepDetailsDelta",
    "beta.threads.runs.run_step_delta_event": "RunStepDeltaEvent",
    "beta.threads.runs.run_step_delta_message_delta": ("RunStepDeltaMessageDelta MessageCreation=MessageCreationDelta"),
    "beta.threads.runs.run_step_include": "RunStepInclude",
    "beta.threads.runs.step_list_params": "StepListParams",
    "beta.threads.runs.step_retrieve_params": "StepRetrieveParams",
    "beta.threads.runs.tool_call": "ToolCall",
    "beta.threads.runs.tool_call_delta": "ToolCallDelta",
    "beta.threads.runs.tool_call_delta_object": "ToolCallDeltaObject",
    "beta.threads.runs.tool_calls_step_details": "ToolCallsStepDetails",
}

RESOURCES = {
    "": "Beta Assistants Threads VectorStores",
    "assistants": "Assistants Files=AssistantFiles",
    "assistants.assistants": "Assistants",
    "assistants.files": "Files=AssistantFiles",
    "threads": "Threads Messages Runs",
    "threads.threads": "Threads",
    "threads.messages": "Messages Files=MessageFiles",
    "threads.messages.messages": "Messages",
    "threads.messages.files": "Files=MessageFiles",
    "threads.runs": "Runs Steps",
    "threads.runs.runs": "Runs",
    "threads.runs.steps": "Steps",
    "vector_stores": "VectorStores Files=vector_stores.Files FileBatches=vector_stores.FileBatches",
    "vector_stores.vector_stores": "VectorStores",
    "vector_stores.files": "Files=vector_stores.Files",
    "vector_stores.file_batches": "FileBatches=vector_stores.FileBatches",
}
HOMES = {
    "Beta": "beta.beta",
    "Assistants": "assistants",
    "AssistantFiles": "assistant_files",
    "Messages": "messages",
    "MessageFiles": "message_files",
    "Steps": "steps",
    "VectorStores": "vector_stores",
    "vector_stores.Files": "vector_stores.files",
    "vector_stores.FileBatches": "vector_stores.file_batches",
}
"""Where we have a resource's classes; those that have a colour are in three modules."""


def public_names(module: str) -> Iterator[str]:
    """The names that one of our modules defines for others: no type variables, nothing internal."""
    body = ast.parse((TYPES / f"{module}.py").read_text(encoding="utf-8")).body
    for node in chain.from_iterable(node.body if isinstance(node, ast.If) else [node] for node in body):
        if isinstance(node, ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name) and target.id != "T"]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_") and name not in INTERNAL)


Imports: TypeAlias = dict[str, list[tuple[str, str]]]
"""From each of our modules, below assistream: names, as theirs and ours."""


def module_text(docstring: str, imports: Imports, *, below: Iterable[str] = ()) -> str:
    """A module that imports names and says so in its `__all__`; a package has modules `below` it."""
    lines = [f'\n"""{docstring}"""\n'] if docstring else []
    lines.append("from __future__ import annotations\n")
    if below:
        lines += ["from typing import TYPE_CHECKING", "from assistream._lazy import submodules"]
    for module, pairs in imports.items():
        names = ", ".join(ours if theirs == ours else f"{ours} as {theirs}" for theirs, ours in pairs)
        lines.append(f"from assistream.{module} import {names}")
    if below:
        lines.append("\nif TYPE_CHECKING:")
        lines += [f"    from . import {name} as {name}" for name in below]
        lines.append("else:\n    __getattr__ = submodules(__name__)")
    exported = sorted(theirs for pairs in imports.values() for theirs, _ in pairs)
    lines.append("\n__all__ = [" + ", ".join(f'"{name}"' for name in exported) + "]\n")
    return HEADER + "\n".join(lines)


def below(package: str, paths: Iterable[str]) -> list[str]:
    """The modules and packages right below a package."""
    prefix = f"{package}." if package else ""
    return sorted({path.removeprefix(prefix).split(".")[0] for path in paths if path and path.startswith(prefix)})


def pairs(entries: str) -> list[tuple[str, str]]:
    split = [entry.partition("=") for entry in entries.split()]
    return [(theirs, ours or theirs) for theirs, _, ours in split]


def type_files() -> dict[Path, str]:
    home = {name: module for module in MODULES.split() for name in public_names(module)}
    packages: dict[str, Imports] = {}
    files: dict[Path, str] = {}
    for path, entries in PATHS.items():
        imports: Imports = {}
        for theirs, ours in pairs(entries):
            imports.setdefault(f"types.{home[ours]}", []).append((theirs, ours))
        files[(TYPES / path.replace(".", "/")).with_suffix(".py")] = module_text("", imports)
        first = pairs(entries)[0]
        package = path.rpartition(".")[0]
        packages.setdefault(package, {}).setdefault(f"types.{home[first[1]]}", []).append(first)
    for package, imports in packages.items():
        if package:
            text = module_text("", imports, below=below(package, PATHS))
            files[TYPES / package.replace(".", "/") / "__init__.py"] = text
    files[TYPES / "__init__.py"] = module_text(
        "What the API says: pydantic models without behaviour, and the parameters of its operations.",
        {f"types.{module}": [(name, name) for name in public_names(module)] for module in MODULES.split()},
        below=below("", PATHS),
    )
    return files


def classes(theirs: str, ours: str) -> Imports:
    """The six classes of a resource, and where we have them."""
    imports: Imports = {}
    bare = ours.rpartition(".")[2]
    for colour in ("", "Async"):
        for view in ("", "WithRawResponse", "WithStreamingResponse"):
            twin = "_async" if colour else "_sync"
            home = HOMES.get(ours, f"views.{twin}" if view else twin)
            imports.setdefault(f"resources.{home}", []).append((f"{colour}{theirs}{view}", f"{colour}{bare}{view}"))
    return imports


def resource_files() -> dict[Path, str]:
    files: dict[Path, str] = {}
    for path, entries in RESOURCES.items():
        imports: Imports = {}
        for theirs, ours in pairs(entries):
            for module, names in classes(theirs, ours).items():
                imports.setdefault(module, []).extend(names)
        found = below(path, RESOURCES) if len(entries.split()) > 1 else []
        place = BETA / path.replace(".", "/")
        file = place / "__init__.py" if found else place.with_suffix(".py")
        files[file] = module_text("", imports, below=found if path else [*found, "beta"])
    return files


def expected_files() -> dict[Path, str]:
    """Every generated file, unformatted."""
    return type_files() | resource_files()


def formatted(files: dict[Path, str]) -> dict[Path, str]:
    """The same files as the formatter leaves them: one run for all, in a directory of their own."""
    with tempfile.TemporaryDirectory() as directory:
        copies = {path: Path(directory) / f"{number}.py" for number, path in enumerate(files)}
        for path, copy in copies.items():
            copy.write_text(files[path], encoding="utf-8")
        ruff = [sys.executable, "-m", "ruff", "--quiet", "--config", str(ROOT / "pyproject.toml")]
        subprocess.run([*ruff, "check", "--select=I,RUF022", "--fix-only", directory], check=True)
        subprocess.run([*ruff, "format", directory], check=True)
        return {path: copy.read_text(encoding="utf-8") for path, copy in copies.items()}


def write_files(*, check: bool) -> list[str]:
    """Bring the generated files up to date, or with `check` leave them; returns what is (or was) wrong."""
    files = formatted(expected_files())
    wrong: list[str] = []
    for path, text in files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            wrong.append(f"stale: {path.relative_to(ROOT)}")
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    present = [*TYPES.rglob("*.py"), *BETA.rglob("*.py")]
    generated = {path for path in present if path.read_text(encoding="utf-8").startswith(HEADER)}
    for orphan in sorted(generated - set(files)):
        wrong.append(f"not in the table: {orphan.relative_to(ROOT)}")
        if not check:
            orphan.unlink()
    return wrong


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    wrong = write_files(check=check)
    for line in wrong:
        print(line if check else f"{line}: done")
    if check and wrong:
        print("`make fix` writes these files again")
    return int(check and bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
