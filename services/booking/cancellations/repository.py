"""Cancellations that wait for their refund, and what has gone back so far."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.booking.bookings.models import Booking
from services.booking.cancellations.models import Cancellation, Refund
from shared.concurrency.back_off import BackOff
from shared.database.repository import Repository
from shared.internal.payments import RefundSplit
from shared.records.clock import machine_now
from shared.records.money import Money
from shared.work.attempts import claim

BATCH = 8
BACK_OFF = BackOff(2.0, 60.0)


class Cancellations(Repository):
    """Cancellations of confirmed and pending bookings."""

    async def find_of(self, booking_id: UUID) -> Cancellation | None:
        """The booking's cancellation."""
        statement = select(Cancellation).where(Cancellation.booking_id == booking_id)
        return (await self.session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()

    async def any_unrefunded(self) -> bool:
        """Whether `claim_unrefunded` would find any."""
        due = (Cancellation.waiting(), Cancellation.next_try_at <= machine_now())
        return bool((await self.session.execute(select(exists().where(*due)))).scalar_one())

    async def claim_unrefunded(self) -> Sequence[Cancellation]:
        """Those that wait for their refund and are not being tried just now."""
        return await claim(self.session, Cancellation, BATCH, BACK_OFF)


class Refunds(Repository):
    """What payments gave back, each refund once, whether the answer or the event comes first."""

    async def note(self, refund_id: UUID, booking_id: UUID, split: RefundSplit) -> None:
        """Stores a refund; the same one again changes nothing."""
        row = {
            "id": refund_id,
            "booking_id": booking_id,
            "card_amount": split.card.amount,
            "credits_amount": split.credits.amount,
            "currency": split.card.currency,
            "created_at": self.session.now(),
        }
        await self.session.execute(insert(Refund).values(row).on_conflict_do_nothing())

    async def card_came_back(self, refund_id: UUID, booking_id: UUID, currency: str) -> None:
        """The card's part did not reach the client; again changes nothing, nor does a `note` that comes later."""
        nothing = Money.zero(currency)
        await self.note(refund_id, booking_id, RefundSplit(card=nothing, credits=nothing))
        await self.session.execute(update(Refund).where(Refund.id == refund_id).values(card_amount=0))

    async def total_of(self, booking: Booking) -> Money:
        """Everything that went back so far, card and credits."""
        amount = func.coalesce(func.sum(Refund.card_amount + Refund.credits_amount), 0)
        statement = select(amount).where(Refund.booking_id == booking.id)
        return Money(int((await self.session.execute(statement)).scalar_one()), booking.currency)
