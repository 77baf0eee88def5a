"""Cancelling and refunding over HTTP."""

from typing import Annotated, Literal

from pydantic import Field

from shared.internal.payments import RefundSplit
from shared.records.money import Money, PositiveMoney
from shared.web.http import Body, LongText, View

Reason = Annotated[LongText, Field(max_length=500)]


class CancelBody(Body):
    """Why, if the person wants to say."""

    reason: Reason | None = None


class RefundBody(Body):
    """What staff give back: an amount, or without one everything that is left."""

    amount: PositiveMoney | None = None
    reason: Annotated[Reason, Field(min_length=1)]


class SplitView(View):
    """How a refund falls on the card and on credits."""

    card: Money
    credits: Money


class RefundView(View):
    """A refund, made or to be expected."""

    refund: SplitView

    @classmethod
    def of(cls, split: RefundSplit) -> "RefundView":
        """The view of that split."""
        return cls(refund=SplitView(card=split.card, credits=split.credits))


class CancelledView(View):
    """The booking is cancelled, and this went back."""

    status: Literal["cancelled"] = "cancelled"
    refund: SplitView

    @classmethod
    def of(cls, split: RefundSplit) -> "CancelledView":
        """The view of that split."""
        return cls(refund=SplitView(card=split.card, credits=split.credits))
