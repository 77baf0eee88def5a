"""Bodies and answers of orders."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StrictBool, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from services.payments.orders.domain import (
    Capture,
    Chargebacked,
    LineTerms,
    OrderKind,
    OrderStatus,
    Outcome,
    Release,
    ReleasedOn,
    Terms,
)
from services.payments.orders.models import Order
from services.payments.stripe.domain import Failure
from services.payments.stripe.schemas import StripeId
from shared.internal.payments import CardError, CardPayment, NewLine, OpenedOrder, OpenOrder, OrderOutcome
from shared.records.money import Money, PositiveMoney
from shared.web.http import Body, UtcTime, View


def terms_of(asked: OpenOrder, currency: str) -> Terms:
    """The terms of an order in the install's currency, in which all its lines are."""
    lines = [_line_terms(line, is_funded=asked.use_membership) for line in asked.lines]
    kind, capture, card = OrderKind(asked.kind), Capture(asked.capture), asked.payment_method_id
    sold = kind, asked.client_id, asked.title, currency, lines
    return Terms(*sold, asked.expires_at, capture, payment_method_id=card, by_membership=asked.use_membership)


def _line_terms(line: NewLine, *, is_funded: bool) -> LineTerms:
    price = line.gross_amount.amount
    return LineTerms(
        id=line.id,
        description=line.description,
        gross=0 if is_funded else price,
        funded=price if is_funded else 0,
        practitioner_id=line.practitioner_id,
        booking_id=line.booking_id,
        pass_session_id=line.pass_session_id,
        subject_id=line.subject_id,
        releases=[Release(each.percent, ReleasedOn(each.on)) for each in line.releases or ()],
    )


def amounts_of(order: Order) -> dict[str, Money]:
    """What the order costs, and how that is paid, in its currency."""
    minor = {"total": order.total, "credits_applied": order.credits_applied, "amount_due": order.amount_due}
    return {name: Money(amount, order.currency) for name, amount in minor.items()}


class PayableOrder(OpenedOrder):
    """An order for who lets it be paid. `client_secret` is there while a card can pay it."""

    status: OrderStatus

    @classmethod
    def of(cls, order: Order, publishable_key: str, payment: CardPayment | None = None) -> "PayableOrder":
        """The order as it is now, and how it was tried to be paid just now."""
        return cls.showing(
            order,
            order_id=order.id,
            client_secret=order.client_secret if order.payable else None,
            publishable_key=publishable_key,
            payment=payment,
            **amounts_of(order),
        )


def outcome_for_booking(order: Order) -> OrderOutcome:
    """Booking needs to know only whether there is money, and since when."""
    status = "cancelled" if order.paid_at is None else "paid"
    return OrderOutcome(status=status, paid_at=order.paid_at)


class ConfirmPayment(Body):
    """One of the two: `payment_method` is Stripe's id of a card, made by Stripe.js, or a test card such as
    `pm_card_visa`; `payment_method_id` is a saved card. `save`: the first is saved with its payment."""

    order_id: UUID
    payment_method_id: UUID | None = None
    payment_method: Annotated[StripeId | None, Field(validate_default=True)] = None
    save: StrictBool | None = None

    @field_validator("payment_method")
    @classmethod
    def _is_one(cls, payment_method: str | None, info: ValidationInfo) -> str | None:
        if "payment_method_id" in info.data and (payment_method is None) == (info.data["payment_method_id"] is None):
            raise PydanticCustomError("one_needed", "Send one of payment_method and payment_method_id")
        return payment_method


class Confirmation(View):
    """What one try to pay led to. `next_action_url`: the bank wants to see the client there."""

    order_id: UUID
    status: Outcome
    error: CardError | None = None
    next_action_url: str | None = None

    @classmethod
    def of(
        cls, order_id: UUID, outcome: Outcome, failure: Failure | None = None, next_action_url: str | None = None
    ) -> "Confirmation":
        """The outcome, with why a card was refused."""
        error = CardError.model_validate(failure) if failure else None
        return cls(order_id=order_id, status=outcome, error=error, next_action_url=next_action_url)


class ResumePayment(Body):
    """The order whose intent is wanted."""

    order_id: UUID


class OrderSummary(View):
    """An order as its client sees it in a list. `total` is `price` less `discount`, and tax that is not in it.

    `chargeback`: how the client's bank disputes its payment, or did.
    """

    id: UUID
    kind: OrderKind
    status: OrderStatus
    title: str
    booking_id: UUID | None
    price: Money
    discount: Money
    tax: Money
    total: Money
    credits_applied: Money
    amount_due: Money
    chargeback: Chargebacked | None
    expires_at: UtcTime
    paid_at: UtcTime | None
    created_at: UtcTime

    @classmethod
    def of(cls, order: Order, **more: Any) -> Self:
        """The order as it is now."""
        price, discount = Money(order.price, order.currency), Money(order.discount, order.currency)
        tax = Money.zero(order.currency)
        return cls.showing(order, price=price, discount=discount, tax=tax, **amounts_of(order), **more)


class Purchase(Body):
    """How much to buy; a card pays all of it."""

    amount: PositiveMoney


class PurchaseOrder(View):
    """The order to pay with /payments/confirm/ or Stripe.js."""

    order_id: UUID
    client_secret: str | None
    publishable_key: str
    amount_due: Money
    status: OrderStatus
    expires_at: UtcTime

    @classmethod
    def of(cls, order: Order, publishable_key: str) -> "PurchaseOrder":
        """The order as it is now."""
        return cls.model_validate(PayableOrder.of(order, publishable_key))
