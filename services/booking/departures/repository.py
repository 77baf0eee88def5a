"""The bookings that closed accounts and lost approvals leave."""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, or_, select, union_all

from services.booking.bookings.domain import BookingKind, BookingStatus
from services.booking.bookings.models import Booking
from services.booking.passes.domain import PassStatus
from services.booking.passes.models import Pass
from services.booking.people.models import Approval, Departure
from shared.database import audit
from shared.database.repository import Repository


class Cause(IntEnum):
    """Why a booking cannot stay. The first that applies counts: who cancels decides what the client gets back."""

    PRACTITIONER_GONE = 1
    APPROVAL_LOST = 2
    CLIENT_GONE = 3


Left = tuple[UUID, Cause]
PAGE = 50


class LeftBehind(Repository):
    """Bookings that cannot stay."""

    async def page(self, now: datetime, after: Left | None) -> Sequence[Left]:
        """Unpaid holds, requests and coming bookings of closed accounts, and holds at practitioners without approval.

        The next page of them, after that one, by the id of the booking.
        """
        coming = or_(HELD, and_(SEATED, Booking.status == BookingStatus.CONFIRMED, Booking.start_time > now))
        parts = [
            _caused(Cause.PRACTITIONER_GONE)
            .join(Departure, Departure.user_id == Booking.practitioner_user_id)
            .where(coming),
            _caused(Cause.APPROVAL_LOST)
            .join(Approval, Approval.practitioner_id == Booking.practitioner_id)
            .where(HELD, Approval.is_approved.is_(False)),
            _caused(Cause.CLIENT_GONE).join(Departure, Departure.user_id == Booking.client_id).where(coming),
        ]
        left = union_all(*parts).subquery()
        page = select(left.c.id, func.min(left.c.cause)).group_by(left.c.id).order_by(left.c.id).limit(PAGE)
        if after is not None:
            page = page.where(left.c.id > after[0])
        return [(row[0], Cause(row[1])) for row in await self.session.execute(page)]

    async def passes(self) -> Sequence[tuple[UUID, Cause]]:
        """Some unpaid and active passes of closed accounts."""
        kept = Pass.status.in_((PassStatus.PENDING_PAYMENT, PassStatus.ACTIVE))
        sides = {Cause.PRACTITIONER_GONE: Pass.practitioner_user_id, Cause.CLIENT_GONE: Pass.client_id}
        parts = [
            select(Pass.id, literal(cause.value).label("cause")).join(Departure, Departure.user_id == side).where(kept)
            for cause, side in sides.items()
        ]
        left = union_all(*parts).subquery()
        page = select(left.c.id, func.min(left.c.cause)).group_by(left.c.id).order_by(left.c.id).limit(PAGE)
        return [(row[0], Cause(row[1])) for row in await self.session.execute(page)]

    async def erase_audited_reasons(self, user_id: UUID) -> None:
        """Removes the reasons that the person wrote as staff, and those that staff wrote about their bookings."""
        theirs = or_(Booking.client_id == user_id, Booking.practitioner_user_id == user_id)
        bookings = (await self.session.scalars(select(Booking.id).where(theirs))).all()
        await audit.erase(self.session, user_id, bookings)


def _caused(cause: Cause) -> Select[UUID, int]:
    return select(Booking.id, literal(cause.value).label("cause"))


HELD = Booking.status.in_([BookingStatus.PENDING_PAYMENT, BookingStatus.REQUESTED]) & (
    Booking.purchase_id == Booking.id
)
SEATED = or_(Booking.kind == BookingKind.SINGLE, Booking.parent_id.is_not(None))
"""What is bought and holds a seat: what was bought together is cancelled seat by seat."""
