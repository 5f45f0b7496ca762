"""Webhooks: programs elsewhere are told, by signed requests, what becomes of runs; see `Webhook` and `verify`."""

from __future__ import annotations

from .signing import WebhookSignatureError, verify
from .webhook import EVENTS, Webhook

__all__ = ["EVENTS", "Webhook", "WebhookSignatureError", "verify"]
