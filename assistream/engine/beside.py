"""What is beside ``/v1``: how the engine is, what it has done, and its document for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from .._version import __version__
from .reference import reference
from .tables import to_json
from .views.call import Services

Beside: TypeAlias = Callable[[Request], Awaitable[Response]]

WITHOUT_KEY = frozenset({"/health", "/docs"})
"""What is for everybody who reaches the engine, with or without a key: there is nothing of anybody in it."""


def beside(services: Services) -> Mapping[str, Beside]:
    return {
        "/health": partial(_health, services),
        "/metrics": partial(_metrics, services),
        "/docs": _page,
    }


async def _health(services: Services, request: Request) -> Response:
    runner = services.runner
    reached = await services.watch.probe.reaches()
    database = "ok" if reached and runner.writes else "not writable" if reached else "unreachable"
    status = "closing" if runner.closing else "ok" if database == "ok" else "failing"
    body = {"status": status, "version": __version__, "database": database}
    return Response(
        to_json(body),
        200 if status == "ok" else 503,
        {"cache-control": "no-store"},
        media_type="application/json",
    )


async def _metrics(services: Services, request: Request) -> Response:
    from .observing.exposition import Gauge, exposed

    figures = services.runner.figures
    gauges = [
        Gauge("assistream_runs_working", "Runs that are worked on.", figures.working),
        Gauge("assistream_runs_queued", "Runs that wait to be.", figures.queued),
        Gauge("assistream_streams_open", "Streams that are being sent.", figures.streams),
        Gauge("assistream_events_waiting", "Events that are not written yet.", figures.backlog),
    ]
    if sizes := await services.watch.sizes():
        gauges.append(Gauge("assistream_database_bytes", "What the database takes.", sizes[0]))
        gauges.append(Gauge("assistream_webhooks_waiting", "Events that webhooks are yet to be told.", sizes[1]))
    accept = request.headers.get("accept", "")
    body, content_type = exposed(services.watch.metrics, gauges, __version__, accept)
    return Response(body, headers={"content-type": content_type})


async def _page(request: Request) -> Response:
    content, headers = reference()
    return Response(content, headers=headers)
