"""What payments does for booking: the order of a booking, from its opening to its refunds. All is safe to repeat."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.peers import Endpoint
from shared.records.money import Money, Price
from shared.records.times import whole_text
from shared.web.http import Body, LongText, Text, UtcTime, View


class OpenOrder(Body):
    """The order of a booking: `credits` says how much of the total the client wants to pay with credits."""

    booking_id: UUID
    client_id: UUID
    practitioner_id: UUID
    service_id: UUID | None = None
    title: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(whole_text)]
    total: Price
    credits: Literal["max"] | Price | None = None
    expires_at: UtcTime


class OrderOutcome(View):
    """How closing or retaking ended: `paid` also where the money came late. `paid_at`: when all of it was there."""

    status: str
    paid_at: UtcTime | None = None

    @property
    def is_paid(self) -> bool:
        """Nothing is due any more."""
        return self.status == "paid"


class OpenedOrder(OrderOutcome):
    """An order for who lets it be paid. `client_secret` is there while a card can pay it."""

    order_id: UUID
    total: Money
    credits_applied: Money
    amount_due: Money
    client_secret: str | None
    publishable_key: str
    expires_at: UtcTime


class CloseOrder(Body):
    """Why nobody shall pay it any more."""

    reason: Annotated[Text, Field(min_length=1, max_length=200)]


class RefundRequest(Body):
    """`refund_id` makes it idempotent. No amount: everything that is left. `cancels`: part of a cancellation, whose
    policy may ask for more than is left; then what is left is refunded. `reason` is a word of the caller's: what
    people wrote stays with booking, which forgets it with them."""

    refund_id: UUID
    amount: Price | None = None
    reason: Annotated[LongText, Field(max_length=2000)] = ""
    by: Annotated[Text, Field(max_length=100)] = ""
    cancels: bool = False


class RefundSplit(View):
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


class RefundAnswer(View):
    """The refund, or what one would be."""

    refund: RefundSplit


OPEN_ORDER = Endpoint("payments", "PUT", "/internal/orders/{order_id}/", OpenedOrder, OpenOrder)
"""Opens the order, or answers it as it is. Invalid `insufficient_credits`, Conflict `order_closed`."""
CLOSE_ORDER = Endpoint("payments", "POST", "/internal/orders/{order_id}/close/", OrderOutcome, CloseOrder)
"""Closes the order for ever, existing or not; it may have been paid all the same."""
RETAKE_ORDER = Endpoint("payments", "POST", "/internal/orders/{order_id}/retake/", OrderOutcome)
"""Takes back the credits that had been returned; Conflict where the client has spent them."""
REFUND_ORDER = Endpoint("payments", "POST", "/internal/orders/{order_id}/refunds/", RefundAnswer, RefundRequest)
"""Refunds once per `refund_id`; Conflict `nothing_to_refund` where nothing is left."""
PREVIEW_REFUND = Endpoint("payments", "GET", "/internal/orders/{order_id}/refund-preview/", RefundAnswer)
"""How a refund of `amount` minor units would fall; without an amount, one of everything that is left."""
