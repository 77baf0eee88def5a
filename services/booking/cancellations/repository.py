"""Cancellations that wait for their refund, and what has gone back so far."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.booking.bookings.models import Booking
from services.booking.cancellations.models import Cancellation, Refund
from services.booking.passes.models import PassSession
from shared.concurrency.back_off import BackOff
from shared.database.repository import Repository
from shared.internal.payments import LineRefund, RefundSplit
from shared.records.clock import machine_now
from shared.records.money import Money
from shared.records.money import split as share
from shared.work.attempts import claim

Taken = Mapping[UUID, int]
"""Minor units by the line of the order."""
HOLDS_ITS_LINE: ColumnElement[bool] = or_(
    Booking.pass_session_id.is_(None), exists().where(PassSession.booking_id == Booking.id)
)
"""Of bookings: no cancellation gave the session, whose money the line is, back to its pass."""
BATCH = 8
BACK_OFF = BackOff(2.0, 60.0)


class Cancellations(Repository):
    """Cancellations of confirmed and pending bookings."""

    async def find_of(self, booking_id: UUID) -> Cancellation | None:
        """The booking's cancellation."""
        statement = select(Cancellation).where(Cancellation.booking_id == booking_id)
        return (await self.session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()

    async def lines_of(self, cancellation: Cancellation) -> list[LineRefund]:
        """What goes back of which lines of the order, by its own or by its parts; those of which nothing does are not
        named."""
        part = aliased(Cancellation)
        wanted = (
            select(Booking.line_id, part.due_amount)
            .join(part, part.booking_id == Booking.id)
            .where(or_(part.id == cancellation.id, part.part_of == cancellation.id))
            .where(Booking.line_id.is_not(None), part.due_amount > 0)
            .order_by(Booking.start_time, Booking.id)
        )
        rows = (await self.session.execute(wanted)).all()
        return [LineRefund(line_id=row[0], amount=Money(row[1], cancellation.currency)) for row in rows]

    async def finish_parts(self, cancellation: Cancellation) -> None:
        """Payments did its part for all that are part of this one."""
        parts = update(Cancellation).where(Cancellation.part_of == cancellation.id)
        await self.session.execute(parts.values(refunded_at=self.session.now()))

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

    async def note_lines(self, refund_id: UUID, purchase_id: UUID, split: RefundSplit, lines: Taken) -> None:
        """Stores what a refund took of each of these lines of a purchase: of its card's part in proportion.

        A pass's line is the booking's that has its session now; others of its lines are no booking's.
        """
        bought = or_(Booking.purchase_id == purchase_id, Booking.pass_id == purchase_id)
        wanted = select(Booking.line_id, Booking.id).where(bought, Booking.line_id.in_(lines), HOLDS_ITS_LINE)
        ids = {row.line_id: row.id for row in await self.session.execute(wanted)}
        currency, amounts = split.card.currency, list(lines.values())
        for (line_id, amount), card in zip(lines.items(), share(split.card.amount, amounts), strict=True):
            part = RefundSplit(card=Money(card, currency), credits=Money(amount - card, currency))
            if line_id in ids:
                await self.note(refund_id, ids[line_id], part)

    async def card_came_back(self, refund_id: UUID, booking_id: UUID | None, currency: str) -> None:
        """The card's part did not reach the client; again changes nothing, nor does a `note` that comes later."""
        nothing = Money.zero(currency)
        if booking_id is not None:
            await self.note(refund_id, booking_id, RefundSplit(card=nothing, credits=nothing))
        await self.session.execute(update(Refund).where(Refund.id == refund_id).values(card_amount=0))

    async def total_of(self, booking: Booking) -> Money:
        """Everything that went back so far, card and credits, of a parent that of all its parts.

        Of a session of a pass also what went back while another booking had it.
        """
        amount = func.coalesce(func.sum(Refund.card_amount + Refund.credits_amount), 0)
        others = select(Booking.id).where(_same_money(booking))
        statement = select(amount).where(or_(Refund.booking_id == booking.id, Refund.booking_id.in_(others)))
        return Money(int((await self.session.execute(statement)).scalar_one()), booking.currency)

    async def left_of(self, booking: Booking) -> dict[UUID, int]:
        """Minor units that the lines of its seats, or of its own one, still hold, in order of time."""
        seats = or_(Booking.id == booking.id, Booking.parent_id == booking.id)
        wanted = select(Booking).where(seats, Booking.line_id.is_not(None), HOLDS_ITS_LINE)
        found = (await self.session.execute(wanted.order_by(Booking.start_time, Booking.id))).scalars().all()
        left = {seat.line_id: seat.value.amount - (await self.total_of(seat)).amount for seat in found}
        return {line_id: amount for line_id, amount in left.items() if line_id is not None}


def _same_money(booking: Booking) -> ColumnElement[bool]:
    """Of other bookings: a parent's parts, and those that had the same session of a pass."""
    if booking.is_parent:
        return Booking.parent_id == booking.id
    return Booking.pass_session_id == booking.pass_session_id if booking.pass_session_id else false()
