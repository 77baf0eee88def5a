"""Receiving a webhook: verify, store once, answer. What it means is found out afterwards, at Stripe (rule 7)."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import stripe

from services.payments.webhooks.domain import EventState
from services.payments.webhooks.errors import BadEvent, BadSignature
from services.payments.webhooks.repository import StripeEvents
from shared.database.session import Session
from shared.records.clock import machine_now

TOLERANCE_SECONDS = 300
THIN_EVENT = "v2.core.event"
# How far a sender's clock may be ahead of ours; the SDK itself accepts any time in the future.
FUTURE_SECONDS = 60


def verify(payload: bytes, header: str | None, secrets: Sequence[str]) -> None:
    """Raises BadSignature unless one of the secrets signed exactly this, within the last five minutes."""
    # The SDK compares only ASCII.
    if header is None or not header.isascii() or not any(_signed_with(payload, header, secret) for secret in secrets):
        raise BadSignature
    if _signed_at(header) > machine_now().timestamp() + FUTURE_SECONDS:
        raise BadSignature


def _signed_with(payload: bytes, header: str, secret: str) -> bool:
    try:
        # The payload must be UTF-8 to be signed at all; what is not raises a ValueError.
        return bool(stripe.WebhookSignature.verify_header(payload.decode(), header, secret, TOLERANCE_SECONDS))
    except (stripe.SignatureVerificationError, ValueError):
        return False


def _signed_at(header: str) -> int:
    """The moment that the signature covers; the header was verified before."""
    return int(next(part for part in header.split(",") if part.startswith("t="))[2:])


async def receive(session: Session, payload: bytes, known_types: Mapping[str, Any], *, live: bool) -> None:
    """Stores the event once, pending where its type is known; a duplicate changes nothing. Raises BadEvent.

    Thin (v2) events carry no object and are none of our types. Of practitioners' accounts Stripe sends test events
    to live endpoints too: what they speak of does not exist for our key.
    """
    try:
        event = orjson.loads(payload)
        event_id, kind, object_id = str(event["id"]), str(event["type"]), _object_id(event)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadEvent from error
    known = kind in known_types and event.get("object") != THIN_EVENT and event.get("livemode", live) is live
    state = EventState.PENDING if known else EventState.IGNORED
    await StripeEvents(session).add(event_id, kind, event.get("account"), object_id, payload, state)


def _object_id(event: Mapping[str, Any]) -> str:
    if event.get("object") == THIN_EVENT:
        return str((event.get("related_object") or {}).get("id") or "")
    return str(event["data"]["object"].get("id") or "")
