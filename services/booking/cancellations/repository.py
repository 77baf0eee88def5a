"""Cancellations that wait for their refund, and what has gone back so far."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.booking.bookings.models import Booking
from services.booking.cancellations.models import Cancellation, Refund
from services.booking.peers import RefundSplit
from shared.database.session import Session, table_of
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now
from shared.records.money import Money

BATCH = 8
MAX_BACKOFF = 60


class Cancellations:
    """Cancellations of confirmed and pending bookings."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session = session

    async def find_of(self, booking_id: UUID) -> Cancellation | None:
        """The booking's cancellation."""
        statement = select(Cancellation).where(Cancellation.booking_id == booking_id)
        return (await self.session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()

    async def any_unrefunded(self) -> bool:
        """Whether `claim_unrefunded` would find any."""
        return bool(await self.session.run(ANY_UNREFUNDED, {"now": machine_now()}))

    async def claim_unrefunded(self) -> Sequence[Cancellation]:
        """Those whose refund nobody is asking for just now; the next try of each comes later."""
        due = (Cancellation.refunded_at.is_(None), Cancellation.attempt_at <= machine_now())
        statement = select(Cancellation).where(*due).order_by(Cancellation.attempt_at).limit(BATCH)
        found = (await self.session.execute(statement.with_for_update(skip_locked=True))).scalars().all()
        for cancellation in found:
            cancellation.attempts += 1
            cancellation.attempt_at = machine_now() + timedelta(seconds=min(2**cancellation.attempts, MAX_BACKOFF))
        return found


class Refunds:
    """What payments gave back, each refund once, whoever tells of it first."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session = session

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

    async def card_came_back(self, refund_id: UUID) -> None:
        """The card's part did not reach the client; again changes nothing."""
        await self.session.execute(update(Refund).where(Refund.id == refund_id).values(card_amount=0))

    async def total_of(self, booking: Booking) -> Money:
        """Everything that went back so far, card and credits."""
        amount = func.coalesce(func.sum(Refund.card_amount + Refund.credits_amount), 0)
        statement = select(amount).where(Refund.booking_id == booking.id)
        return Money(int((await self.session.execute(statement)).scalar_one()), booking.currency)


CANCELLATION = table_of(Cancellation)
ANY_UNREFUNDED = CompiledStatement(
    select(CANCELLATION.c.booking_id)
    .where(CANCELLATION.c.refunded_at.is_(None), CANCELLATION.c.attempt_at <= bindparam("now"))
    .limit(1)
)
