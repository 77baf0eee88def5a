"""The rules of orders: how far a status may move, and what a PaymentIntent's state means for its order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class OrderKind(StrEnum):
    """What is being paid for. A tombstone is an order that was closed before it was opened: it never opens."""

    BOOKING = "booking"
    CREDITS = "credits"
    TOMBSTONE = "tombstone"


class OrderStatus(StrEnum):
    """`paid_late`: the card's money came after the order was cancelled, the credits had gone back (rule 5).

    Refunds are amounts beside the order; a refunded order stays `paid`.
    """

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"
    PAID_LATE = "paid_late"


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


class Outcome(StrEnum):
    """What a client is told about one try to pay."""

    SUCCEEDED = "succeeded"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    FAILED = "failed"


@dataclass(frozen=True)
class Failure:
    """Why a card was refused. `id` is the refused charge: the same refusal seen twice has the same id."""

    id: str
    code: str
    decline_code: str | None
    message: str


@dataclass(frozen=True)
class Intent:
    """A PaymentIntent as far as an order cares. `received` is in minor units; `order_id` is None for a stranger's.

    `charged_at` is when a card was charged, by Stripe's clock; None where Stripe did not show it.
    """

    id: str
    status: IntentStatus
    received: int
    order_id: UUID | None = None
    client_secret: str | None = None
    charge_id: str | None = None
    failure: Failure | None = None
    next_action_url: str | None = None
    charged_at: datetime | None = None


def intent_of(raw: Mapping[str, Any]) -> Intent:
    """Reads Stripe's PaymentIntent object."""
    redirect = (raw.get("next_action") or {}).get("redirect_to_url") or {}
    return Intent(
        id=raw["id"],
        status=IntentStatus(raw["status"]),
        received=raw.get("amount_received") or 0,
        order_id=_order_of(raw),
        client_secret=raw.get("client_secret"),
        charge_id=_id_of(raw.get("latest_charge")),
        failure=_failure_of(raw),
        next_action_url=redirect.get("url"),
        charged_at=_charged_at(raw.get("latest_charge")),
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


def _failure_of(raw: Mapping[str, Any]) -> Failure | None:
    error = raw.get("last_payment_error")
    if not error:
        return None
    code = error.get("code") or "payment_failed"
    return Failure(
        id=_id_of(error.get("charge")) or _id_of(raw.get("latest_charge")) or code,
        code=code,
        decline_code=error.get("decline_code"),
        message=error.get("message") or "The payment failed.",
    )


def _id_of(thing: Any) -> str | None:
    """Stripe gives an id, or the whole object where it was expanded."""
    found = thing["id"] if isinstance(thing, Mapping) else thing
    return str(found) if found else None


def status_after(kind: OrderKind, status: OrderStatus, intent: IntentStatus) -> OrderStatus:
    """Where an order stands once its intent is known to be in that state; only ever forward (rule 7).

    Money for a booking that was given up is late; credits that were bought are credits, however late.
    """
    if intent is IntentStatus.SUCCEEDED:
        if status is OrderStatus.CANCELLED and kind is OrderKind.BOOKING:
            return OrderStatus.PAID_LATE
        return OrderStatus.PAID_LATE if status is OrderStatus.PAID_LATE else OrderStatus.PAID
    if intent is IntentStatus.CANCELED and status is OrderStatus.OPEN:
        return OrderStatus.CANCELLED
    return status


def outcome_of(intent: IntentStatus) -> Outcome:
    """What to tell the client; a canceled intent never reaches this, its order is closed."""
    return OUTCOMES.get(intent, Outcome.FAILED)


OUTCOMES = {
    IntentStatus.SUCCEEDED: Outcome.SUCCEEDED,
    IntentStatus.PROCESSING: Outcome.PROCESSING,
    IntentStatus.REQUIRES_CAPTURE: Outcome.PROCESSING,
    IntentStatus.REQUIRES_CONFIRMATION: Outcome.PROCESSING,
    IntentStatus.REQUIRES_ACTION: Outcome.REQUIRES_ACTION,
}

TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.OPEN: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset({OrderStatus.PAID_LATE, OrderStatus.PAID}),
    OrderStatus.PAID_LATE: frozenset({OrderStatus.PAID}),
    OrderStatus.PAID: frozenset(),
}
