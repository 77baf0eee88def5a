"""Events of payments: orders, credits, earnings and payouts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.base import Event, Owned, Personal
from shared.records.money import Money


class PaymentsEvent(Event):
    """Base of all events of payments."""

    topic: ClassVar[str] = "estuary.payments"


class OrderEvent(PaymentsEvent):
    """An event about one order; ordered per order. Credits purchases have no booking."""

    keyed_by: ClassVar[str] = "order_id"

    order_id: UUID


class PaymentSucceeded(OrderEvent):
    """Everything that was due has been received; emitted at most once per order.

    Also emitted when the money of an order that was already cancelled arrived late: then `credits` is zero, because
    what had been held has gone back (rule 5).
    """

    booking_id: UUID | None
    client_id: UUID
    amount: Money
    credits: Money
    paid_at: datetime
    kind: str | None = None
    subject_id: UUID | None = None


class PaymentAuthorized(OrderEvent):
    """A card is authorised for all that is due, and is charged when the order is captured, before `capture_before`."""

    capture_before: datetime
    booking_id: UUID | None = None
    kind: str | None = None
    subject_id: UUID | None = None


class PaymentFailed(OrderEvent):
    """One try with one card was refused; the order stays open for another. Once per try."""

    owned: ClassVar[Mapping[str, Owned]] = {"message": Owned(("client_id",), "")}

    booking_id: UUID | None
    client_id: UUID
    code: str
    message: Annotated[str, Personal]


class RefundedLine(BaseModel):
    """So much went back of that line of an order."""

    model_config = ConfigDict(frozen=True)

    line_id: UUID
    amount: Money


class OrderRefunded(OrderEvent):
    """Part or all of an order went back, split over what it had been paid with.

    `card` is zero where the card's part failed before it had succeeded: `OrderRefundFailed` follows. `lines` say of
    which lines of the order it was taken: they sum to `card` and `credits`, without what an earlier refund that failed
    had taken already.
    """

    owned: ClassVar[Mapping[str, Owned]] = {"reason": Owned(("client_id",), "")}

    booking_id: UUID | None
    refund_id: UUID
    client_id: UUID
    card: Money
    credits: Money
    reason: Annotated[str, Personal]
    kind: str | None = None
    subject_id: UUID | None = None
    lines: tuple[RefundedLine, ...] = ()


class OrderRefundFailed(OrderEvent):
    """The card's part of a refund did not reach the client, who is owed it; it is not sent again by itself.

    `replaced`: a refund of the order made in Stripe's dashboard pays it instead, so nothing is owed for it.
    """

    booking_id: UUID | None
    refund_id: UUID
    client_id: UUID
    card: Money
    replaced: bool = False


class ChargebackOpened(OrderEvent):
    """The client's bank disputes the payment and has its money until the case ends; what was earned is held."""

    booking_id: UUID | None
    client_id: UUID
    kind: str
    subject_id: UUID | None


class ChargebackEnded(OrderEvent):
    """The bank has decided, first or anew: `outcome` is `won` or `lost`, or null where it took nothing after all.

    There may have been no ChargebackOpened before, where its opening was not heard of in time.
    """

    booking_id: UUID | None
    client_id: UUID
    kind: str
    subject_id: UUID | None
    outcome: str | None


class ChargebackLost(OrderEvent):
    """The client's bank keeps a disputed payment; what it paid for stays held, and staff decide what comes next."""

    booking_id: UUID | None
    client_id: UUID
    practitioner_id: UUID | None
    stripe_dispute_id: str
    amount: Money


class CreditsPurchased(OrderEvent):
    """A client bought credits and they can be spent now."""

    client_id: UUID
    amount: Money


class ClientDebtIncurred(OrderEvent):
    """A purchase of credits went back to the card after credits of it were spent: the client owes this `amount`.

    Bought credits that come to the client later repay it.
    """

    client_id: UUID
    refund_id: UUID
    amount: Money


class EarningEvent(PaymentsEvent):
    """An event about one earning of a practitioner; ordered per earning."""

    keyed_by: ClassVar[str] = "earning_id"

    earning_id: UUID
    practitioner_id: UUID


class EarningAccrued(EarningEvent):
    """Part of a line of an order was earned; it is pending until its time has come and the hold period has passed."""

    schema_version: ClassVar[int] = 2

    kind: str
    line_id: UUID | None
    booking_id: UUID | None
    gross: Money
    commission: Money
    net: Money


class EarningAccrued1(EarningEvent, stored_as="EarningAccrued"):
    """A confirmed booking earned money; it is pending until the booking is over and the hold period has passed."""

    booking_id: UUID
    gross: Money
    commission: Money
    net: Money

    def current(self) -> EarningAccrued:
        """Version 2: all that earned were bookings, each the only line of its order."""
        return EarningAccrued(kind="booking", line_id=None, **self.model_dump())


class EarningAvailable(EarningEvent):
    """The hold period has passed: this can be paid out, less what repaid debt."""

    net: Money


class EarningReversed(EarningEvent):
    """A refund took this net amount back from the earning."""

    amount: Money


class PayoutEvent(PaymentsEvent):
    """A payout as it is now; ordered per payout. `reason` says why it was rejected or failed."""

    keyed_by: ClassVar[str] = "payout_id"
    owned: ClassVar[Mapping[str, Owned]] = {"reason": Owned(("user_id",))}

    payout_id: UUID
    practitioner_id: UUID
    user_id: UUID
    amount: Money
    reason: Annotated[str | None, Personal] = None


class PayoutRequested(PayoutEvent):
    """The amount is reserved and waits for approval."""


class PayoutApproved(PayoutEvent):
    """Staff, or the threshold, let it go; the transfer is on its way."""


class PayoutPaid(PayoutEvent):
    """The bank payout is done."""


class PayoutFailed(PayoutEvent):
    """The transfer or the bank payout failed; the amount is available again."""


class PayoutRejected(PayoutEvent):
    """Staff refused it; the amount is available again."""


class PayoutNeedsAttention(PayoutEvent):
    """It cannot go on by itself, for the `reason`; staff let it go on or end it. Once each time that this happens."""
