"""Passes as people buy and read them."""

from typing import Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.booking.holds.schemas import CreditsAsked
from services.booking.passes.domain import PassSessionStatus, PassStatus
from services.booking.passes.models import Pass
from shared.auth.scopes import PAYS
from shared.auth.verification import Caller
from shared.internal.booking import PaymentView
from shared.internal.payments import CardPayment
from shared.records.money import Money, Price
from shared.web.http import Body, UtcTime, View


class PassBody(Body):
    """A package or a bundle to buy. `credits`: as many as possible ("max"), that many, or none.

    With `expected_price` nothing is bought at another price. `payment_method_id` is a saved card that pays what is due
    at once.
    """

    package_id: UUID | None = None
    bundle_id: UUID | None = None
    credits: CreditsAsked = None
    expected_price: Price | None = None
    payment_method_id: UUID | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.package_id is None) == (self.bundle_id is None):
            raise PydanticCustomError("one_of", "Give package_id or bundle_id")
        return self


class ValidityBody(Body):
    """Until when the pass is valid: later than before."""

    expires_at: UtcTime


class PassSessionView(View):
    """One session of a pass; `value` is what of its price it is worth."""

    id: UUID
    service_ids: list[UUID]
    value: Money
    status: PassSessionStatus
    booking_id: UUID | None


class PassView(View):
    """A pass. `payment` is shown to its client only, while it is pending, its `client_secret` to tokens with
    `payments.write` alone. `completed` sessions are used, `remaining` ones open.
    """

    id: UUID
    status: PassStatus
    client_id: UUID
    practitioner_id: UUID
    package_id: UUID
    title: str
    price: Money
    credits_applied: Money
    amount_due: Money
    payment: PaymentView | None
    order_id: UUID | None
    expires_at: UtcTime
    created_at: UtcTime
    cancelled_at: UtcTime | None
    sessions: list[PassSessionView]
    completed: int
    remaining: int

    @classmethod
    def seen_by(cls, caller: Caller, sold: Pass) -> Self:
        """The pass as the caller may see it."""
        mine = sold.client_id == caller.user_id
        sessions = [
            PassSessionView.showing(each, value=Money(each.value_amount, sold.currency)) for each in sold.sessions
        ]
        counts = [each.status for each in sold.sessions]
        return cls.showing(
            sold,
            status=sold.shown_status,
            payment=_payment(sold, caller) if mine else None,
            order_id=sold.order_id if mine else None,
            sessions=sessions,
            completed=counts.count(PassSessionStatus.USED),
            remaining=counts.count(PassSessionStatus.OPEN),
        )

    def after(self, tried: CardPayment | None) -> Self:
        """The same with how the try to pay it with a saved card ended, while it is pending."""
        if tried is None or self.payment is None:
            return self
        ended = {name: getattr(tried, name) for name in CardPayment.model_fields}
        return self.model_copy(update={"payment": self.payment.model_copy(update=ended)})


def _payment(sold: Pass, caller: Caller) -> PaymentView | None:
    if not sold.is_pending or sold.client_secret is None:
        return None
    return PaymentView(
        order_id=sold.order_id,
        client_secret=sold.client_secret if caller.has_scope(PAYS) else None,
        publishable_key=sold.publishable_key,
        expires_at=sold.held_until,
    )
