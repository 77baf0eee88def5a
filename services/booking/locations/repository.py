"""Known locations, and what names them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from services.booking.locations.models import Location
from shared.database.repository import Repository


class Locations(Repository):
    """The projection of catalog's locations."""

    async def put(self, location_id: UUID, practitioner_id: UUID, *, is_virtual: bool) -> None:
        """Stores one; what it is does not change."""
        row = {"location_id": location_id, "practitioner_id": practitioner_id, "is_virtual": is_virtual}
        await self.session.execute(insert(Location).values(**row).on_conflict_do_nothing())

    async def remove(self, location_id: UUID) -> None:
        """It is no more."""
        await self.session.execute(delete(Location).where(Location.location_id == location_id))

    async def of(self, practitioner_id: UUID) -> set[UUID]:
        """The practitioner's."""
        wanted = select(Location.location_id).where(Location.practitioner_id == practitioner_id)
        return set((await self.session.scalars(wanted)).all())

    async def in_use(self, practitioner_id: UUID) -> Sequence[UUID]:
        """Those that the practitioner's hours, resources, coming sessions or coming dates name."""
        asked = {"practitioner": practitioner_id, "now": self.session.now()}
        return (await self.session.scalars(IN_USE, asked)).all()

    async def of_client(self, practitioner_id: UUID, client_id: UUID) -> Sequence[UUID]:
        """Those in which the client has a booking that is confirmed, or goes on."""
        return (await self.session.scalars(OF_CLIENT, {"practitioner": practitioner_id, "client": client_id})).all()


IN_USE = text("""
    with hours as (
        select weekly, overrides from booking.schedules where practitioner_id = :practitioner
        union all select weekly, overrides from booking.named_schedules where practitioner_id = :practitioner
    ), windows as (
        select jsonb_array_elements(weekly) as each from hours
        union all select jsonb_array_elements(one -> 'windows') from hours, jsonb_array_elements(overrides) one
    )
    select (each ->> 'location_id')::uuid from windows where each ->> 'location_id' is not null
    union select location_id from booking.resources
           where practitioner_id = :practitioner and location_id is not null
    union select location_id from booking.sessions
           where practitioner_id = :practitioner and active and end_time > :now and location_id is not null
    union select location_id from booking.series
           where practitioner_id = :practitioner and location_id is not null
             and write_at is not null and ended_at is null
""")
OF_CLIENT = text("""
    select distinct location_id from booking.bookings
     where practitioner_id = :practitioner and client_id = :client and location_id is not null
       and status in ('confirmed', 'in_progress')
""")
