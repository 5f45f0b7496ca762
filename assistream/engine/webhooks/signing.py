"""Signatures as the Standard Webhooks specification has them: who knows the secret has sent this, just now."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...errors import AssistreamError, ConfigurationError

TOLERANCE = 300.0
"""Seconds that the clocks of the two may differ, with the time that the request took."""
_PREFIX = "whsec_"
_TIME = re.compile("[0-9]{1,15}")


class WebhookSignatureError(AssistreamError):
    """What came was not sent, or not just now, by somebody who knows the secret: it is not to be believed."""


def key(secret: str) -> bytes:
    """The bytes of a secret: ``whsec_`` and base64, or any text. Raises `ConfigurationError` for what is neither."""
    if not secret.startswith(_PREFIX):
        found = secret.encode()
    else:
        try:
            found = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            raise ConfigurationError("A webhook's secret that begins with whsec_ must go on in base64.") from None
    if not found:
        raise ConfigurationError("A webhook's secret must not be empty: anybody could sign with it.")
    return found


def signed(id: str, timestamp: int, payload: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The headers that say who sends it, once for each secret."""
    signatures = [f"v1,{_signature(id, str(timestamp), payload, secret)}" for secret in secrets]
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def verify(
    payload: bytes | str,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance: float = TOLERANCE,
) -> dict[str, Any]:
    """The event of a request to a webhook, if it was sent by somebody who knows the secret (or one of them).

    Args:
        payload: The body as it came. JSON that was parsed and written again is another one.
        headers: Those of the request; how their names are spelled does not matter.
        secret: The webhook's.
        tolerance: Seconds that its time may be away from now.

    Raises `WebhookSignatureError` if not. An event may come twice: its ``id`` tells.
    """
    body = payload.encode() if isinstance(payload, str) else payload
    known = {name.lower(): value for name, value in headers.items()}
    id, timestamp, given = (_header(known, f"webhook-{name}") for name in ("id", "timestamp", "signature"))
    if not _TIME.fullmatch(timestamp) or abs(time.time() - int(timestamp)) > tolerance:
        raise WebhookSignatureError("The webhook's time is too far from now.")
    signatures = [one.removeprefix("v1,") for one in given.split() if one.startswith("v1,")]
    secrets = (secret,) if isinstance(secret, str) else secret
    if not any(_matches(_signature(id, timestamp, body, one), signatures) for one in secrets):
        raise WebhookSignatureError("The webhook's signature is not one with this secret.")
    event: dict[str, Any] = json.loads(body)
    return event


def _header(headers: Mapping[str, str], name: str) -> str:
    try:
        return headers[name]
    except KeyError:
        raise WebhookSignatureError(f"The webhook has no header {name}.") from None


def _signature(id: str, timestamp: str, payload: bytes, secret: str) -> str:
    content = f"{id}.{timestamp}.".encode() + payload
    return base64.b64encode(hmac.digest(key(secret), content, hashlib.sha256)).decode()


def _matches(expected: str, signatures: Sequence[str]) -> bool:
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in signatures)
