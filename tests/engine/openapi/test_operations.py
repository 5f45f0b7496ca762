from __future__ import annotations

from assistream.engine.openapi.operations import OPERATIONS
from assistream.engine.routes import ROUTES
from assistream.engine.views import runs


def test_every_view_is_described_and_nothing_else() -> None:
    assert set(OPERATIONS) == {view for views in ROUTES.values() for view in views.values()}


def test_which_operations_stream() -> None:
    streaming = {view for view, operation in OPERATIONS.items() if operation.may_stream}
    assert streaming == {runs.create, runs.create_with_thread, runs.submit_tool_outputs}
