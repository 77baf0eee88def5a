"""Booking's questions to catalog and payments. All are safe to repeat; none may be asked inside a transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from shared.errors import NotFound
from shared.events.catalog import ServiceSnapshot
from shared.peers import Peers
from shared.records.ids import derived_id
from shared.records.money import Money

Closing = Literal["expired", "cancelled"]


class Payment(BaseModel):
    """What payments says about the money of an order, and when it had everything that was due."""

    status: str
    paid_at: datetime | None = None

    @property
    def is_paid(self) -> bool:
        """Nothing is due any more."""
        return self.status == "paid"


class Order(Payment):
    """What payments says about an order."""

    order_id: UUID
    credits_applied: Money
    client_secret: str | None = None
    publishable_key: str | None = None


class RefundSplit(BaseModel):
    """How a refund falls on what the order was paid with."""

    card: Money
    credits: Money

    @classmethod
    def nothing(cls, currency: str) -> "RefundSplit":
        """No money moved."""
        return cls(card=Money.zero(currency), credits=Money.zero(currency))

    @property
    def total(self) -> Money:
        """Both parts."""
        return self.card + self.credits


@dataclass(frozen=True)
class RefundRequest:
    """A refund that payments makes once per `refund_id`. `amount` None: everything that is left.

    `reason` is a word of ours: what people wrote stays with booking, which forgets it with them.
    """

    refund_id: UUID
    amount: Money | None
    reason: str
    by: str
    cancels: bool


def order_id_of(booking_id: UUID) -> UUID:
    """The id of a booking's order."""
    return derived_id(booking_id, "order")


async def ask_service(peers: Peers, service_id: UUID) -> ServiceSnapshot:
    """Catalog's present word on a service; NotFound if it has none."""
    return ServiceSnapshot.model_validate(await peers.get("catalog", f"/internal/services/{service_id}/"))


async def ask_timezone(peers: Peers, practitioner_id: UUID) -> str:
    """The practitioner's IANA zone; NotFound if catalog knows no such practitioner."""
    return str((await peers.get("catalog", f"/internal/practitioners/{practitioner_id}/"))["timezone"])


@dataclass(frozen=True)
class OrderRequest:
    """The order of a booking. `credits` is what the client wrote: "max", an amount, or nothing."""

    booking_id: UUID
    client_id: UUID
    practitioner_id: UUID
    service_id: UUID
    title: str
    total: Money
    credits: Any
    expires_at: datetime


async def open_order(peers: Peers, request: OrderRequest) -> Order:
    """Opens the order, or finds it as it is. Raises Invalid `insufficient_credits`, Conflict `order_closed`."""
    body = {
        "booking_id": str(request.booking_id),
        "client_id": str(request.client_id),
        "practitioner_id": str(request.practitioner_id),
        "service_id": str(request.service_id),
        "title": request.title,
        "total": request.total,
        "credits": request.credits,
        "expires_at": request.expires_at.isoformat(),
    }
    return Order.model_validate(
        await peers.put("payments", f"/internal/orders/{order_id_of(request.booking_id)}/", body)
    )


async def close_order(peers: Peers, booking_id: UUID, reason: Closing) -> Payment:
    """Closes the order for ever, existing or not; it may have been paid all the same."""
    path = f"/internal/orders/{order_id_of(booking_id)}/close/"
    return Payment.model_validate(await peers.post("payments", path, {"reason": reason}))


async def retake_order(peers: Peers, booking_id: UUID) -> None:
    """Takes back the credits that had been returned; Conflict if the client has spent them."""
    await peers.post("payments", f"/internal/orders/{order_id_of(booking_id)}/retake/", {})


async def refund_order(peers: Peers, booking_id: UUID, request: RefundRequest) -> RefundSplit:
    """Refunds; Conflict `nothing_to_refund` when nothing is left."""
    body = {
        "refund_id": str(request.refund_id),
        "amount": request.amount,
        "reason": request.reason,
        "by": request.by,
        "cancels": request.cancels,
    }
    answer = await peers.post("payments", f"/internal/orders/{order_id_of(booking_id)}/refunds/", body)
    return RefundSplit.model_validate(answer["refund"])


async def preview_refund(peers: Peers, booking_id: UUID, amount: Money) -> RefundSplit:
    """How a refund of that amount would be split."""
    path = f"/internal/orders/{order_id_of(booking_id)}/refund-preview/?amount={amount.amount}"
    return RefundSplit.model_validate((await peers.get("payments", path))["refund"])


class UserName(BaseModel):
    """What identity says a person is called."""

    first_name: str
    last_name: str


async def name_of_user(peers: Peers, user_id: UUID) -> UserName | None:
    """The name of an account, None where there is none."""
    try:
        return UserName.model_validate(await peers.get("identity", f"/internal/users/{user_id}/"))
    except NotFound:
        return None
