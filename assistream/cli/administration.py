"""What an engine that runs answers to who runs it, over HTTP."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import AssistreamError

if TYPE_CHECKING:
    import httpx

__all__ = ["exported", "imported"]


def exported(base_url: str, api_key: str | None) -> Iterator[bytes]:
    """The lines of all that it has, in pieces."""
    with _asked(base_url, api_key, "GET", "export") as answer:
        yield from answer.iter_bytes()


def imported(base_url: str, api_key: str | None, lines: Iterable[bytes], existing: str) -> dict[str, Any]:
    """What came of sending it these lines."""
    with _asked(base_url, api_key, "POST", "import", content=lines, params={"existing": existing}) as answer:
        answer.read()
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def _asked(base_url: str, api_key: str | None, method: str, what: str, **more: Any) -> Generator[httpx.Response]:
    import httpx

    from ..client import Client
    from ..transport.connections import is_local
    from ..transport.wire import answer_error, connection_error

    with Client(base_url=base_url, api_key=api_key) as client:
        url, headers = client.base_url.copy_with(path="/admin/" + what), client.auth_headers
    # Nothing is waited for with a limit: how long it takes depends on how much there is.
    with httpx.Client(timeout=httpx.Timeout(None, connect=10.0), trust_env=not is_local(str(url))) as http:
        request = http.build_request(method, url, headers=headers, **more)
        try:
            with closing(http.send(request, stream=True)) as answer:
                if answer.is_error:
                    answer.read()
                    raise _told(answer, answer_error(answer))
                yield answer
        except httpx.TransportError as error:
            raise connection_error(error, request) from error


def _told(answer: httpx.Response, error: AssistreamError) -> AssistreamError:
    if answer.status_code == 404:
        return AssistreamError(
            f"{answer.request.url} is not there: this is no engine of assistream's, or an older one."
        )
    return error
