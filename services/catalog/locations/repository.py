"""SQL of locations."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update

from services.catalog.locations.models import Location
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found

PRIMARY_FIRST = ListOf(
    Location,
    {"is_primary": Location.is_primary, "name": Location.name, "created_at": Location.created_at},
    default="-is_primary",
    last=(Location.created_at, Location.id),
)


class Locations(Repository):
    """The locations of practitioners."""

    async def count_of(self, practitioner_id: UUID) -> int:
        """How many the practitioner has."""
        its = select(func.count()).select_from(Location).where(Location.practitioner_id == practitioner_id)
        return await self.session.scalar(its) or 0

    async def get(self, location_id: UUID, practitioner_id: UUID) -> Location:
        """The practitioner's own; raises NotFound."""
        own = (Location.id == location_id, Location.practitioner_id == practitioner_id)
        return found(await self.session.scalar(select(Location).where(*own)), "location")

    async def add(self, location: Location) -> None:
        """Stores a new one."""
        self.session.add(location)
        await self.session.flush()

    async def make_primary(self, location: Location) -> None:
        """In place of the one that is."""
        others = (Location.practitioner_id == location.practitioner_id, Location.is_primary, Location.id != location.id)
        await self.session.execute(update(Location).where(*others).values(is_primary=False))
        location.is_primary = True

    async def remove(self, location: Location) -> None:
        """Deletes it; of the others the oldest is primary, if this one was."""
        await self.session.execute(delete(Location).where(Location.id == location.id))
        oldest = select(Location).where(Location.practitioner_id == location.practitioner_id)
        following = await self.session.scalar(oldest.order_by(Location.created_at, Location.id).limit(1))
        if location.is_primary and following is not None:
            following.is_primary = True

    async def list(self, practitioner_id: UUID, page: Page) -> Found[Location]:
        """All of a practitioner's, the primary one first."""
        query = select(Location).where(Location.practitioner_id == practitioner_id)
        return await PRIMARY_FIRST.page(self.session, query, page)

    async def known(self, practitioner_id: UUID, ids: Collection[UUID] | None = None) -> Sequence[Location]:
        """The practitioner's, or those of them with one of these ids."""
        query = select(Location).where(Location.practitioner_id == practitioner_id)
        return (await self.session.scalars(query if ids is None else query.where(Location.id.in_(ids)))).all()
