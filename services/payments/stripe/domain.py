"""Payment intents and cards as Stripe shows them; what a call that moves money is for, and when it may be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

# Stripe forgets keys after 24 hours.
KEY_LIFE = timedelta(hours=23)
# Longer than a request with all its repeats by the SDK can last.
LONGEST_REQUEST = timedelta(seconds=60)
UNKNOWN_FAILURE = "payment_failed"


class Purpose(StrEnum):
    """What moves: money to a card, to a connected account, back from it in whole or in part, or from it to its bank."""

    REFUND = "refund"
    TRANSFER = "transfer"
    REVERSAL = "reversal"
    REDUCTION = "reduction"
    BANK_PAYOUT = "bank_payout"


class CallOutcome(StrEnum):
    """`unknown` until Stripe has answered, or a look at its lists has shown what happened."""

    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"


def may_repeat(first_sent_at: datetime, key_spent: bool, now: datetime) -> bool:
    """Whether the same key still means the same request to Stripe; `now` is machine time."""
    return not key_spent and now - first_sent_at < KEY_LIFE


class IntentStatus(StrEnum):
    """The states of a PaymentIntent, as Stripe names them."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    REQUIRES_CAPTURE = "requires_capture"
    PROCESSING = "processing"
    CANCELED = "canceled"
    SUCCEEDED = "succeeded"

    @property
    def final(self) -> bool:
        """Nothing can change it any more."""
        return self in (IntentStatus.SUCCEEDED, IntentStatus.CANCELED)


@dataclass(frozen=True)
class Failure:
    """Why a card was refused. `id` is the refused charge: the same refusal seen twice has the same id.

    `advice_code`: what the card's bank advises, such as `do_not_try_again`.
    """

    id: str
    code: str
    decline_code: str | None
    message: str
    advice_code: str | None = None


@dataclass(frozen=True)
class StripeCard:
    """A payment method of type card. `fingerprint` is the same for the same card, whoever saved it and how often."""

    id: str
    customer_id: str | None
    fingerprint: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True)
class Intent:
    """A PaymentIntent as far as an order cares. `received` is in minor units; `order_id` is None for a stranger's.

    `charged_at` is when a card was charged, by Stripe's clock, and `capture_before` until when one that is only
    authorised can be; None where Stripe did not show it. `saves`: with its success the card is saved, and `card` is
    that one where Stripe showed it.
    """

    id: str
    status: IntentStatus
    received: int
    order_id: UUID | None = None
    customer_id: str | None = None
    client_secret: str | None = None
    charge_id: str | None = None
    failure: Failure | None = None
    next_action_url: str | None = None
    charged_at: datetime | None = None
    capture_before: datetime | None = None
    saves: bool = False
    card: StripeCard | None = None

    @property
    def has_saved(self) -> bool:
        """Whether its card is saved by now."""
        return self.saves and self.status in (IntentStatus.SUCCEEDED, IntentStatus.REQUIRES_CAPTURE)


def intent_of(raw: Mapping[str, Any]) -> Intent:
    """Reads Stripe's PaymentIntent object."""
    redirect = (raw.get("next_action") or {}).get("redirect_to_url") or {}
    return Intent(
        id=raw["id"],
        status=IntentStatus(raw["status"]),
        received=raw.get("amount_received") or 0,
        order_id=_order_of(raw),
        customer_id=_id_of(raw.get("customer")),
        client_secret=raw.get("client_secret"),
        charge_id=_id_of(raw.get("latest_charge")),
        failure=_failure_of(raw),
        next_action_url=redirect.get("url"),
        charged_at=_charged_at(raw.get("latest_charge")),
        capture_before=_capture_before(raw.get("latest_charge")),
        saves=raw.get("setup_future_usage") is not None,
        card=card_of(raw.get("payment_method")),
    )


def card_of(raw: Any) -> StripeCard | None:
    """The card, from Stripe's payment method; None for another kind of method, and for a mere id."""
    shown: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    card = shown.get("card")
    if not card:
        return None
    return StripeCard(
        id=shown["id"],
        customer_id=shown.get("customer"),
        fingerprint=card.get("fingerprint") or shown["id"],
        brand=card["brand"],
        last4=card["last4"],
        exp_month=card["exp_month"],
        exp_year=card["exp_year"],
    )


def _order_of(raw: Mapping[str, Any]) -> UUID | None:
    """The order that our request named twice; what another application makes under our account has none."""
    named = (raw.get("metadata") or {}).get("order_id")
    return UUID(named) if named and raw.get("transfer_group") == f"order_{named}" else None


def _charged_at(charge: Any) -> datetime | None:
    """Of other ways to pay the charge is made days before the money comes."""
    shown: Mapping[str, Any] = charge if isinstance(charge, Mapping) and charge.get("paid") else {}
    by_card = (shown.get("payment_method_details") or {}).get("type") == "card"
    return datetime.fromtimestamp(shown["created"], UTC) if by_card else None


def _capture_before(charge: Any) -> datetime | None:
    shown: Mapping[str, Any] = charge if isinstance(charge, Mapping) else {}
    card: Mapping[str, Any] = (shown.get("payment_method_details") or {}).get("card") or {}
    return datetime.fromtimestamp(card["capture_before"], UTC) if card.get("capture_before") else None


def _failure_of(raw: Mapping[str, Any]) -> Failure | None:
    error = raw.get("last_payment_error")
    if not error:
        return None
    charge_id = _id_of(error.get("charge")) or _id_of(raw.get("latest_charge"))
    return failure_of(charge_id or error.get("code") or UNKNOWN_FAILURE, error)


def failure_of(failure_id: str, error: Mapping[str, Any]) -> Failure:
    """Why a card was refused, from Stripe's error."""
    return Failure(
        id=failure_id,
        code=error.get("code") or UNKNOWN_FAILURE,
        decline_code=error.get("decline_code"),
        message=error.get("message") or "The payment failed.",
        advice_code=error.get("advice_code"),
    )


def _id_of(thing: Any) -> str | None:
    """Stripe gives an id, or the whole object where it was expanded."""
    found = thing["id"] if isinstance(thing, Mapping) else thing
    return str(found) if found else None
