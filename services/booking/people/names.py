"""What clients are called: identity's names, as far as practitioners may read them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.people.models import Departure, Name
from shared.database.session import Session
from shared.records.names import NameForm, shown_name

COMING = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)


class Names:
    """The names of people, by user id."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session = session

    async def put(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores the present name; of a person who is gone nothing, whenever the event comes."""
        gone = exists().where(Departure.user_id == user_id)
        named = select(literal(user_id), literal(first_name), literal(last_name)).where(~gone)
        row = insert(Name).from_select(["user_id", "first_name", "last_name"], named)
        new = {"first_name": row.excluded.first_name, "last_name": row.excluded.last_name}
        await self.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=new))

    async def fill(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores a name that was missing; what an event brought or took away meanwhile stays."""
        still_missing = (Name.user_id == user_id, Name.first_name.is_(None))
        await self.session.execute(
            update(Name).where(*still_missing).values(first_name=first_name, last_name=last_name)
        )

    async def remove(self, user_id: UUID) -> None:
        """The person is gone, and so is the name."""
        await self.session.execute(delete(Name).where(Name.user_id == user_id))

    async def ask_for_unknown(self) -> None:
        """Lets `missing` find clients of coming bookings of whom no event was received here."""
        unknown = select(Booking.client_id).distinct().where(Booking.status.in_(COMING))
        unknown = unknown.where(~exists().where(Name.user_id == Booking.client_id))
        unknown = unknown.where(~exists().where(Departure.user_id == Booking.client_id))
        await self.session.execute(insert(Name).from_select(["user_id"], unknown).on_conflict_do_nothing())

    async def missing(self, limit: int) -> Sequence[UUID]:
        """Clients whose name was never received, in no order: one who cannot be asked for is in nobody's way."""
        unknown = select(Name.user_id).where(Name.first_name.is_(None))
        return (await self.session.scalars(unknown.order_by(func.random()).limit(limit))).all()

    async def of(self, user_ids: Collection[UUID], form: NameForm) -> dict[UUID, str]:
        """Their names in that form, in one statement; who is not known is left out."""
        if not user_ids:
            return {}
        rows = await self.session.scalars(select(Name).where(Name.user_id.in_(user_ids)))
        return {
            row.user_id: shown_name(row.first_name, row.last_name, form) for row in rows if row.first_name is not None
        }
