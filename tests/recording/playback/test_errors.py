from __future__ import annotations

from assistream import ToolError
from assistream.recording.playback.errors import recorded_error
from assistream.types import PendingCall
from assistream.types.tools import ToolFailure


def test_an_error_says_what_the_original_said() -> None:
    call = PendingCall(id="call_1", name="look", arguments="{}", run_id="run_1", thread_id="thread_1")
    error = recorded_error(ToolFailure(call=call, message="no sky", error_type="KeyError"))
    assert isinstance(error, ToolError)
    assert (type(error).__name__, str(error)) == ("KeyError", "no sky")
