"""Write `assistream/types/__init__.py` and the import paths below `assistream/types`; `--check` only compares.

Programs import types by the paths of the reference client: `from openai.types.beta.threads.run import Run`. The same
paths below `assistream.types` are small modules that import from ours. PATHS lists them: a module, and the names it
offers, as `Theirs=Ours` where ours is called otherwise. The first name stands in the package as well, so that
`openai.types.beta.threads.Run` is found too. Which of our modules a name is in is read from their source.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TYPES = ROOT / "assistream" / "types"
HEADER = "# Written by scripts/type_paths.py; edit that file instead.\n"
INTERNAL = {"Always", "always", "Open"}
"""Markers that our own models are written with."""
MODULES = "base assistants threads messages runs steps tools files stores models events pages inputs params store_params"


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
    "auto_file_chunking_strategy_param": "AutoFileChunkingStrategyParam",
    "file_chunking_strategy": "FileChunkingStrategy",
    "file_chunking_strategy_param": "FileChunkingStrategyParam",
    "file_create_params": "FileCreateParams ExpiresAfter=FileExpiresAfterParam",
    "file_deleted": "FileDeleted",
    "file_list_params": "FileListParams",
    "file_object": "FileObject",
    "file_purpose": "FilePurpose",
    "model": "Model",
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
    "shared.function_definition": "FunctionDefinition",
    "shared.metadata": "Metadata",
    "shared.reasoning_effort": "ReasoningEffort",
    "shared.response_format_json_object": "ResponseFormatJSONObject",
    "shared.response_format_json_schema": "ResponseFormatJSONSchema JSONSchema",
    "shared.response_format_text": "ResponseFormatText",
    "shared_params.comparison_filter": "ComparisonFilter=ComparisonFilterParam",
    "shared_params.compound_filter": "CompoundFilter=CompoundFilterParam",
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


def module_text(docstring: str, imports: dict[str, list[tuple[str, str]]]) -> str:
    """A module that imports (theirs, ours) pairs from each of our modules, and says so in its `__all__`."""
    lines = [f'\n"""{docstring}"""\n'] if docstring else []
    lines.append("from __future__ import annotations\n")
    for module, pairs in imports.items():
        names = ", ".join(ours if theirs == ours else f"{ours} as {theirs}" for theirs, ours in pairs)
        lines.append(f"from assistream.types.{module} import {names}")
    exported = sorted(theirs for pairs in imports.values() for theirs, _ in pairs)
    lines.append("\n__all__ = [" + ", ".join(f'"{name}"' for name in exported) + "]\n")
    return HEADER + "\n".join(lines)


def expected_files() -> dict[Path, str]:
    """Every generated file, unformatted."""
    home = {name: module for module in MODULES.split() for name in public_names(module)}
    files = {
        TYPES / "__init__.py": module_text(
            "What the API says: pydantic models without behaviour, and the parameters of its operations.",
            {module: [(name, name) for name in public_names(module)] for module in MODULES.split()},
        )
    }
    packages: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for path, entries in PATHS.items():
        imports: dict[str, list[tuple[str, str]]] = {}
        for entry in entries.split():
            theirs, _, ours = entry.partition("=")
            imports.setdefault(home[ours or theirs], []).append((theirs, ours or theirs))
        files[(TYPES / path.replace(".", "/")).with_suffix(".py")] = module_text("", imports)
        theirs, _, ours = entries.split()[0].partition("=")
        if package := path.rpartition(".")[0]:
            pair = (theirs, ours or theirs)
            packages.setdefault(package, {}).setdefault(home[pair[1]], []).append(pair)
    for package, imports in packages.items():
        files[TYPES / package.replace(".", "/") / "__init__.py"] = module_text("", imports)
    return files


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
    generated = {path for path in TYPES.rglob("*.py") if path.read_text(encoding="utf-8").startswith(HEADER)}
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
