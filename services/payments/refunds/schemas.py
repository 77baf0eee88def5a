"""Answers about money that goes back."""

from collections.abc import Sequence
from typing import Self

from services.payments.orders.models import Order, OrderLine
from services.payments.orders.schemas import OrderLineView, OrderSummary, amounts_of
from services.payments.refunds.domain import RefundStatus, Tenders
from services.payments.refunds.models import Refund
from shared.internal.payments import RefundAnswer, RefundSplit
from shared.records.money import Money
from shared.web.http import UtcTime, View


def refund_answer(parts: Tenders, currency: str) -> RefundAnswer:
    """Both parts as Money."""
    return RefundAnswer(refund=RefundSplit(card=Money(parts.card, currency), credits=Money(parts.credits, currency)))


class OrderRefund(View):
    """A refund of this order, whoever made it. `failed`: the card's part came back and is owed to the client."""

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
        return cls.showing(
            order,
            lines=[OrderLineView.of(line, order.currency) for line in lines],
            refunds=[OrderRefund.of(refund) for refund in refunds],
            **amounts_of(order),
        )
