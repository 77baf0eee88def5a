"""SQL of people who are gone, and of the bookings that they leave."""

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert

from services.booking import audit
from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.cancellations.models import Cancellation
from services.booking.people.models import Approval, Departure
from shared.database.session import Session


class Cause(IntEnum):
    """Why a booking cannot stay. The first that applies counts: who cancels decides what the client gets back."""

    PRACTITIONER_GONE = 1
    APPROVAL_LOST = 2
    CLIENT_GONE = 3


Left = tuple[UUID, Cause]
PAGE = 50


class Departures:
    """Accounts that are no more, and approvals of practitioners."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session = session

    async def add(self, user_id: UUID) -> None:
        """Remembers that the account is no more; again changes nothing."""
        row = {"user_id": user_id, "created_at": self.session.now()}
        await self.session.execute(insert(Departure).values(row).on_conflict_do_nothing())

    async def put_approval(self, practitioner_id: UUID, version: int, *, is_approved: bool) -> None:
        """Stores what staff decided, unless something newer is there."""
        row = {"practitioner_id": practitioner_id, "version": version, "is_approved": is_approved}
        newer = insert(Approval).values(row)
        statement = newer.on_conflict_do_update(
            index_elements=["practitioner_id"],
            set_={"version": newer.excluded.version, "is_approved": newer.excluded.is_approved},
            where=Approval.version < newer.excluded.version,
        )
        await self.session.execute(statement)

    async def erase_words_of(self, user_id: UUID) -> None:
        """Removes the notes that the person wrote for their practitioners, and every reason that tells of them.

        Those are why their bookings were cancelled, whoever said so, and what staff wrote down about their bookings.
        """
        written = (Booking.client_id == user_id, Booking.notes.is_not(None))
        await self.session.execute(update(Booking).where(*written).values(notes=None))
        theirs = or_(Booking.client_id == user_id, Booking.practitioner_user_id == user_id)
        why = update(Cancellation).where(Cancellation.booking_id == Booking.id, theirs)
        await self.session.execute(why.values(reason=None))
        await audit.erase_reasons(self.session, user_id, select(Booking.id).where(theirs))

    async def left_behind(self, now: datetime, after: Left | None) -> Sequence[Left]:
        """Unpaid holds and coming bookings of people who are gone, and holds at practitioners without approval.

        The next page of them, after that one, by the id of the booking.
        """
        coming = or_(HELD, and_(Booking.status == BookingStatus.CONFIRMED, Booking.start_time > now))
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


def may_not_sell(practitioner_id: ColumnElement[UUID], user_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether that practitioner is gone or has lost the approval."""
    gone = exists().where(Departure.user_id == user_id)
    return gone | exists().where(Approval.practitioner_id == practitioner_id, Approval.is_approved.is_(False))


def _caused(cause: Cause) -> Select[UUID, int]:
    return select(Booking.id, literal(cause.value).label("cause"))


HELD = Booking.status == BookingStatus.PENDING_PAYMENT
