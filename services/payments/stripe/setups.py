"""Setups as Stripe shows them, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.payments.stripe.domain import Failure, StripeCard, card_of, failure_of


@dataclass(frozen=True)
class StripeSetup:
    """A SetupIntent; `status` in Stripe's words. `setup_id` is ours, None for a stranger's; `card` once it is saved."""

    id: str
    status: str
    setup_id: UUID | None
    client_secret: str | None
    failure: Failure | None
    next_action_url: str | None
    card: StripeCard | None


def setup_of(raw: Mapping[str, Any]) -> StripeSetup:
    """A setup, from Stripe's object; of the card only where it was expanded."""
    redirect = (raw.get("next_action") or {}).get("redirect_to_url") or {}
    return StripeSetup(
        id=raw["id"],
        status=raw["status"],
        setup_id=_ours(raw),
        client_secret=raw.get("client_secret"),
        failure=_failure_of(raw),
        next_action_url=redirect.get("url"),
        card=card_of(raw.get("payment_method")),
    )


def _ours(raw: Mapping[str, Any]) -> UUID | None:
    """What another application makes under our account has none of our ids."""
    try:
        return UUID((raw.get("metadata") or {}).get("setup_id") or "")
    except ValueError:
        return None


def _failure_of(raw: Mapping[str, Any]) -> Failure | None:
    error = raw.get("last_setup_error")
    return failure_of(raw["id"], error) if error else None
