from __future__ import annotations

import base64
import hashlib
import hmac
import time

import pytest

from assistream.engine.webhooks.signing import WebhookSignatureError, key, signed, verify
from assistream.errors import ConfigurationError

BODY = b'{"type":"thread.run.completed"}'
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef").decode()


def headers(*secrets: str, when: float = 0.0) -> dict[str, str]:
    return signed("evt_1", int(time.time() + when), BODY, secrets or (SECRET,))


def test_as_the_specification_has_it() -> None:
    """Worked out by hand: id, time and body joined by dots, under the bytes that the base64 stands for."""
    said = signed("evt_1", 1700000000, BODY, [SECRET])
    digest = hmac.new(b"0123456789abcdef", b"evt_1.1700000000." + BODY, hashlib.sha256).digest()
    assert said == {
        "webhook-id": "evt_1",
        "webhook-timestamp": "1700000000",
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@pytest.mark.parametrize("secret", [SECRET, "any text", "gehörig"])
def test_who_knows_the_secret_is_believed(secret: str) -> None:
    said = headers(secret)
    assert verify(BODY, said, secret) == {"type": "thread.run.completed"}
    assert verify(BODY.decode(), {name.title(): value for name, value in said.items()}, secret)


def test_during_a_change_of_secrets() -> None:
    both = headers("old", "new")
    assert verify(BODY, both, "old") == verify(BODY, both, "new")
    assert verify(BODY, headers("old"), ["new", "old"])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"webhook-signature": "v1,AAAA"}, "not one with this secret"),
        ({"webhook-signature": ""}, "not one with this secret"),
        ({"webhook-signature": "v1,é"}, "not one with this secret"),
        ({"webhook-id": "evt_2"}, "not one with this secret"),
        ({"webhook-timestamp": "soon"}, "too far from now"),
        ({"webhook-timestamp": "-1"}, "too far from now"),
        ({"webhook-timestamp": "9" * 5000}, "too far from now"),
    ],
)
def test_what_was_changed_is_not_believed(changes: dict[str, str], says: str) -> None:
    with pytest.raises(WebhookSignatureError, match=says):
        verify(BODY, headers() | changes, SECRET)


def test_another_time_is_not_believed() -> None:
    said = headers()
    with pytest.raises(WebhookSignatureError, match="not one with this secret"):
        verify(BODY, said | {"webhook-timestamp": str(int(said["webhook-timestamp"]) + 1)}, SECRET)


def test_a_signature_of_another_version_is_none() -> None:
    said = headers()
    with pytest.raises(WebhookSignatureError):
        verify(BODY, said | {"webhook-signature": said["webhook-signature"].replace("v1,", "v2,")}, SECRET)


def test_another_body_or_secret_is_not_believed() -> None:
    for body, secret in ((BODY + b" ", SECRET), (BODY, "other")):
        with pytest.raises(WebhookSignatureError, match="not one with this secret"):
            verify(body, headers(), secret)


@pytest.mark.parametrize("missing", ["id", "timestamp", "signature"])
def test_what_is_not_signed_is_not_believed(missing: str) -> None:
    said = headers()
    del said[f"webhook-{missing}"]
    with pytest.raises(WebhookSignatureError, match=f"no header webhook-{missing}"):
        verify(BODY, said, SECRET)


@pytest.mark.parametrize("away", [-400, 400])
def test_what_was_sent_before_is_not_believed_again(away: float) -> None:
    with pytest.raises(WebhookSignatureError, match="too far from now"):
        verify(BODY, headers(when=away), SECRET)
    assert verify(BODY, headers(when=away), SECRET, tolerance=500)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_*"])
def test_no_secret(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="secret"):
        key(secret)
