"""Answers about money that goes back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Self
from uuid import UUID

from services.payments.commission.domain import commission_of
from services.payments.earnings.domain import shares_after
from services.payments.orders.models import Order, OrderLine
from services.payments.orders.schemas import OrderSummary
from services.payments.refunds.domain import RefundStatus, Tenders
from services.payments.refunds.models import Refund
from shared.internal.payments import RefundAnswer, RefundSplit
from shared.records.currencies import step
from shared.records.money import Money
from shared.web.http import UtcTime, View


def refund_answer(parts: Tenders, currency: str) -> RefundAnswer:
    """Both parts as Money."""
    return RefundAnswer(refund=RefundSplit(card=Money(parts.card, currency), credits=Money(parts.credits, currency)))


class OrderLineView(View):
    """What was sold, and the commission rate that was frozen with it. No practitioner: the platform sold it.

    `commission_amount` is the platform's share of what no refund took, also of what it pays of the price itself.
    """

    id: UUID
    practitioner_id: UUID | None
    booking_id: UUID | None
    pass_session_id: UUID | None
    subject_id: UUID | None
    description: str
    gross_amount: Money
    tax: Money
    commission_rate: Decimal
    commission_amount: Money
    refunded: Money

    @classmethod
    def of(cls, line: OrderLine, currency: str) -> "OrderLineView":
        """The line in the order's currency."""
        unit = step(currency)
        whole = commission_of(line.worth, line.commission_rate, unit)
        commission = shares_after(line.worth, whole, line.gone, unit).commission
        return cls.showing(
            line,
            gross_amount=Money(line.gross, currency),
            tax=Money.zero(currency),
            commission_amount=Money(commission, currency),
            refunded=Money(line.refunded, currency),
        )


class OrderRefund(View):
    """A refund of this order, whoever made it. `failed`: the card's part came back and is owed to the client."""

    id: UUID
    status: RefundStatus
    card: Money
    credits: Money
    created_at: UtcTime

    @classmethod
    def of(cls, refund: Refund) -> Self:
        """The row as a body."""
        card, credits = Money(refund.card, refund.currency), Money(refund.credits, refund.currency)
        return cls.showing(refund, card=card, credits=credits)


class OrderDetail(OrderSummary):
    """An order with what was sold and what went back."""

    lines: list[OrderLineView]
    refunds: list[OrderRefund]

    @classmethod
    def with_parts(cls, order: Order, lines: Sequence[OrderLine], refunds: Sequence[Refund]) -> Self:
        """The whole order."""
        return cls.of(
            order,
            lines=[OrderLineView.of(line, order.currency) for line in lines],
            refunds=[OrderRefund.of(refund) for refund in refunds],
        )
