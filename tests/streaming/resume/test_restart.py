"""A stream that outlives its server."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

from assistream import Client
from assistream.engine import Engine, Scripted, pauses, says
from tests.cutter import Cutter
from tests.recording import Tracer


def test_a_stream_goes_on_with_the_next_engine(tmp_path: Path) -> None:
    said = says(["It ", "rains"]) + pauses(math.inf)
    with Engine(tmp_path / "first.db", model=Scripted([said])) as first, Cutter(first.base_url) as cutter:
        with Client(base_url=cutter.url, api_key="test") as client:
            handler = Tracer()
            assistant = client.beta.assistants.create(model="scripted").id
            with client.beta.threads.create_and_run_stream(
                assistant_id=assistant, thread={"messages": [{"role": "user", "content": "Hi"}]}, event_handler=handler
            ) as stream:
                deltas = stream.text_deltas
                assert [next(deltas), next(deltas)] == ["It ", "rains"]
                # As the file is when the first engine is killed now.
                for suffix in ("", "-wal"):
                    shutil.copy(tmp_path / f"first.db{suffix}", tmp_path / f"second.db{suffix}")
                with Engine(tmp_path / "second.db") as second:
                    cutter.move(second.base_url)
                    run = stream.get_final_run()
                [message] = stream.get_final_messages()
    assert run.status == "failed"
    assert run.last_error is not None
    assert run.last_error.message == "The engine was restarted while the run was in progress."
    assert message.status == "incomplete"
    assert handler.log[-1] == "end"
    assert [line for line in handler.log if "text" in line] == [
        "text_created It ",
        "text_delta It ",
        "text_delta rains",
        "text_done It rains",
    ]
    assert not [line for line in handler.log if line.startswith("exception")]
