"""Bodies of the internal calls that return money."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from services.payments.orders.models import Order, OrderLine
from services.payments.orders.schemas import OrderLineView, OrderSummary
from services.payments.refunds.domain import RefundStatus, Tenders
from services.payments.refunds.models import Refund
from shared.records.money import Money, Price
from shared.web.http import Body, LongText, Text, UtcTime, View


class RefundRequest(Body):
    """`refund_id` makes it idempotent. No amount: everything that is left. `cancels`: part of a cancellation, whose
    policy may ask for more than is left; then what is left is refunded."""

    refund_id: UUID
    amount: Price | None = None
    reason: Annotated[LongText, Field(max_length=2000)] = ""
    by: Annotated[Text, Field(max_length=100)] = ""
    cancels: bool = False


class RefundParts(View):
    """What goes back to the card, and what comes back as credits."""

    card: Money
    credits: Money


class RefundAnswer(View):
    """The refund, or what one would be."""

    refund: RefundParts

    @classmethod
    def of(cls, parts: Tenders, currency: str) -> Self:
        """Both parts as Money."""
        return cls(refund=RefundParts(card=Money(parts.card, currency), credits=Money(parts.credits, currency)))


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
        return cls(status=refund.status, card=card, credits=credits, created_at=refund.created_at)


class OrderDetail(OrderSummary):
    """An order with what was sold and what went back."""

    lines: list[OrderLineView]
    refunds: list[OrderRefund]

    @classmethod
    def with_parts(cls, order: Order, lines: Sequence[OrderLine], refunds: Sequence[Refund]) -> Self:
        """The whole order."""
        parts = {
            "lines": [OrderLineView.of(line, order.currency) for line in lines],
            "refunds": [OrderRefund.of(refund) for refund in refunds],
        }
        return cls.model_validate(cls.fields_of(order) | parts)
