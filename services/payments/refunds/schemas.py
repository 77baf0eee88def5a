"""Bodies of the internal calls that return money."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from services.payments.refunds.domain import Tenders
from shared.records.money import Money, Price
from shared.web.http import Body, LongText, Text, View


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
