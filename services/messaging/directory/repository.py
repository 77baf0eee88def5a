"""SQL of the projections. An older event changes nothing, and none restores the name of a deactivated user."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.messaging.directory.models import Booking, Practitioner, User
from services.messaging.directory.schemas import PractitionerFacts
from shared.database import projection
from shared.database.repository import Repository
from shared.database.session import table_of, values_of
from shared.database.statements import CompiledStatement


class Users(Repository):
    """The projection of identity's users."""

    async def put(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores the name of identity's event."""
        await self._put(user_id, first_name=first_name, last_name=last_name)

    async def put_display_name(self, user_id: UUID, display_name: str) -> None:
        """Stores a practitioner's name of catalog's event."""
        await self._put(user_id, display_name=display_name)

    async def add_missing(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores what identity answered, unless an event came first: the event is not older."""
        row = insert(User).values(user_id=user_id, first_name=first_name, last_name=last_name)
        await self.session.execute(row.on_conflict_do_nothing())

    async def deactivate(self, user_id: UUID, moment: datetime) -> None:
        """Removes the names; `moment` is business time."""
        gone = {"first_name": None, "last_name": None, "display_name": None, "deactivated_at": moment}
        row = insert(User).values(user_id=user_id, **gone)
        await self.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=gone))

    async def _put(self, user_id: UUID, **names: str) -> None:
        row = insert(User).values(user_id=user_id, **names)
        changes = {name: row.excluded[name] for name in names}
        await self.session.execute(
            row.on_conflict_do_update(index_elements=["user_id"], set_=changes, where=User.deactivated_at.is_(None))
        )


class Practitioners(Repository):
    """The projection of catalog's practitioners."""

    async def put(self, user_id: UUID, given: PractitionerFacts) -> None:
        """Stores it with the display name, unless a newer version is there."""
        is_verified = given.verification_status == "approved"
        row = {"practitioner_id": given.practitioner_id, "is_verified": is_verified, "version": given.version}
        if await projection.put(self.session, Practitioner, {"user_id": user_id, **row}):
            await Users(self.session).put_display_name(user_id, given.display_name)

    async def without_name(self, limit: int) -> Sequence[UUID]:
        """The user ids of practitioners that were stored before display names were."""
        query = select(Practitioner.user_id).outerjoin(User, User.user_id == Practitioner.user_id)
        missing = query.where(User.display_name.is_(None), User.deactivated_at.is_(None))
        return (await self.session.scalars(missing.limit(limit))).all()


class Bookings(Repository):
    """The projection of confirmed bookings."""

    async def find(self, booking_id: UUID) -> Booking | None:
        """The booking; None where no event has come and booking was not asked."""
        return await self.session.get(Booking, booking_id)

    async def put(self, booking: Booking) -> None:
        """Stores it; its sides and title do not change."""
        await self.session.run(ADD_BOOKING, values_of(booking))


ADD_BOOKING = CompiledStatement(insert(table_of(Booking)).on_conflict_do_nothing())  # benchmarks/checkouts.py
