"""Every refusal of the engine: its status, code and text, in one table.

The texts are those that programs saw from the hosted API, because programs match on them. A text marked ``(pattern)``
was not seen for this very case and follows the others.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    text: str
    code: str | None = None
    type: str = "invalid_request_error"


REFUSALS: dict[str, Refusal] = {
    # Where to find a key is said of this server; the hosted API names its own.
    "no_key": Refusal(
        401,
        "You didn't provide an API key. Pass api_key=... to the client, or set ASSISTREAM_API_KEY: a key that this"
        " engine was started with, or one that `assistream keys create` has made.",
        "invalid_api_key",
    ),
    "bad_key": Refusal(
        401,
        "Incorrect API key provided: '{key}'. Pass api_key=... to the client, or set ASSISTREAM_API_KEY: a key that"
        " this engine was started with, or one that `assistream keys create` has made.",
        "invalid_api_key",
    ),
    "no_beta": Refusal(
        400,
        "You must provide the 'OpenAI-Beta' header to access the Assistants API."
        " Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
        "invalid_beta",
    ),
    "no_path": Refusal(404, "Invalid URL ({method} {path})"),
    "no_method": Refusal(
        405,
        "Not allowed to {method} on {path}. (HINT: Perhaps you meant to use a different HTTP method?)",
        "method_not_supported",
    ),
    "bad_http": Refusal(400, "We could not understand your HTTP request."),
    "bad_json": Refusal(400, "We could not parse the JSON body of your request."),
    "deep_json": Refusal(400, "Invalid body: nested too deep. Expected at most {limit} levels."),
    # Seen where audio was uploaded, with another type.
    "too_large": Refusal(413, "Maximum content size limit ({limit}) exceeded ({got} bytes read)"),
    "no_form": Refusal(400, "Invalid body: expected multipart/form-data, but got {got} instead."),
    "bad_form": Refusal(400, "We could not parse the multipart/form-data body of your request."),
    "no_file_part": Refusal(400, "Invalid type for 'file': expected a file, but got a string instead.", "invalid_type"),
    "many_files": Refusal(400, "Invalid 'file': one request uploads one file.", "invalid_value"),
    "empty_file": Refusal(400, "File is empty."),  # (pattern)
    "no_file": Refusal(404, "No such File object: {id}"),
    "not_downloadable": Refusal(400, "Not allowed to download files of purpose: {purpose}"),
    "no_model": Refusal(404, "The model '{model}' does not exist", "model_not_found"),  # (pattern)
    "no_models": Refusal(502, "The models cannot be listed: {reason}", type="server_error"),
    "wrong_id": Refusal(400, "Invalid '{where}': '{id}'. Expected an ID that begins with '{prefix}'.", "invalid_value"),
    "not_found": Refusal(404, "No {kind} found with id '{id}'."),
    "expired_store": Refusal(400, "Vector store {id} is expired."),  # (pattern)
    "unread_file": Refusal(400, "The content of file {id} cannot be read: its status is '{status}'."),  # (pattern)
    "no_leg": Refusal(404, "No leg {leg} found in run '{run}'."),
    "no_event": Refusal(404, "No event {id} found in this leg of run '{run}'."),
    "bad_event_id": Refusal(400, "Invalid 'Last-Event-ID': '{got}'. Expected the number of an event.", "invalid_value"),
    "empty_thread": Refusal(
        400,
        "Run creation requires a Thread with a user message or an assistant with instructions.",
        "invalid_thread",
    ),
    "thread_busy": Refusal(400, "Thread {thread} already has an active run {run}."),
    "thread_locked": Refusal(400, "Can't add messages to {thread} while a run {run} is active."),
    "cannot_cancel": Refusal(400, "Cannot cancel run with status '{status}'."),
    "no_outputs_now": Refusal(400, 'Runs in status "{status}" do not accept tool outputs.'),
    "wrong_outputs": Refusal(400, "Expected tool outputs for call_ids {expected}, got {got}"),
    "duplicate_outputs": Refusal(400, "Duplicate call_ids submitted: {got}"),
    "no_call_id": Refusal(
        400,
        "1 validation error for Request\nbody -> tool_outputs -> {index} -> tool_call_id\n"
        "  field required (type=value_error.missing)",
    ),
    # 400 and not 409, which clients take for "try again".
    "other_request": Refusal(
        400,
        "Keys for idempotent requests can only be used for the same request they were first used for."
        " Try using a key other than the one that was used before if you meant to make another request.",
        type="idempotency_error",
    ),
    "answer_gone": Refusal(400, "What the first request with this key made was deleted.", type="idempotency_error"),
    "long_key": Refusal(
        400,
        "Invalid 'Idempotency-Key': string too long. Expected a string with maximum length {limit},"
        " but got a string with length {got} instead.",
        "string_above_max_length",
    ),
    # The type is the one of the hosted API's limits of requests.
    "too_many_runs": Refusal(
        429, "The engine has as many runs as it takes. Please try again later.", "rate_limit_exceeded", "requests"
    ),
    "not_local": Refusal(
        403,
        "Requests for {got} are not answered: an engine without an api_key is there for programs on its own machine,"
        " and not for pages in a browser.",
    ),
    "header": Refusal(400, "Invalid value for '{where}': '{got}'. Supported values are: {expected}.", "invalid_value"),
    "not_administrator": Refusal(
        403,
        "This is for who runs the engine: use a key that it was started with, or the command line on its database.",
        "insufficient_permissions",
    ),
    "not_imported": Refusal(400, "{reason}", "invalid_import"),
    "closing": Refusal(503, "The engine is shutting down.", type="server_error"),
    "server_error": Refusal(500, "The server had an error while processing your request.", type="server_error"),
    # What is wrong with one value of a request: `where` is its path, "tools[0].function.name".
    "missing": Refusal(400, "Missing required parameter: '{where}'.", "missing_required_parameter"),
    "unknown": Refusal(400, "Unknown parameter: '{where}'.", "unknown_parameter"),
    "type": Refusal(400, "Invalid type for '{where}': expected {expected}, but got {got} instead.", "invalid_type"),
    "value": Refusal(400, "Invalid value: '{got}'. Supported values are: {expected}.", "invalid_value"),
    "other": Refusal(400, "Invalid '{where}': {reason}.", "invalid_value"),
    "too_many_properties": Refusal(
        400,
        "Invalid '{where}': too many properties. Expected an object with at most {limit} properties,"
        " but got an object with {got} properties instead.",
        "object_above_max_properties",
    ),
    "long_name": Refusal(
        400,
        "Invalid property name in '{where}': '{name}' is too long. Expected a string with maximum length {limit},"
        " but got a string with length {got} instead.",
        "string_above_max_length",
    ),
    "long_string": Refusal(
        400,
        "Invalid '{where}': string too long. Expected a string with maximum length {limit},"
        " but got a string with length {got} instead.",
        "string_above_max_length",
    ),
    "long_array": Refusal(
        400,
        "Invalid '{where}': array too long. Expected an array with maximum length {limit},"
        " but got an array with length {got} instead.",
        "array_above_max_length",
    ),
    "empty_array": Refusal(
        400,
        "Invalid '{where}': empty array. Expected an array with minimum length {limit},"
        " but got an empty array instead.",
        "empty_array",
    ),
    "above": Refusal(
        400,
        "Invalid '{where}': {kind} above maximum value. Expected a value <= {limit}, but got {got} instead.",
        "{kind}_above_max_value",
    ),
    "below": Refusal(  # (pattern)
        400,
        "Invalid '{where}': {kind} below minimum value. Expected a value >= {limit}, but got {got} instead.",
        "{kind}_below_min_value",
    ),
}


class Refused(Exception):
    """A request the engine refuses: ``raise Refused("not_found", kind="run", id="run_1")``.

    ``param`` is what the error object names as the parameter at fault.
    """

    def __init__(self, name: str, /, *, param: str | None = None, **values: object) -> None:
        refusal = REFUSALS[name]
        super().__init__(refusal.text.format_map(values))
        self.name = name
        self.status: int = refusal.status
        self.type: str = refusal.type
        self.param: str | None = param
        self.code: str | None = refusal.code and refusal.code.format_map(values)

    @property
    def body(self) -> dict[str, dict[str, str | None]]:
        error = {"message": str(self), "type": self.type, "param": self.param, "code": self.code}
        return {"error": error}
