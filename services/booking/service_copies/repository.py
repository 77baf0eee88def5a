"""The projection's rows."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from services.booking.service_copies.models import BookableService
from shared.database import projection
from shared.database.repository import Repository
from shared.events.catalog import ServiceSnapshot


class BookableServices(Repository):
    """The projection of catalog's services."""

    async def find(self, service_id: UUID) -> BookableService | None:
        """The service, active or not."""
        statement = select(BookableService).where(BookableService.service_id == service_id)
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def owners(self, service_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """The practitioners of those services that are known."""
        wanted = select(BookableService.service_id, BookableService.practitioner_id)
        rows = (await self.session.execute(wanted.where(BookableService.service_id.in_(service_ids)))).all()
        return {row.service_id: row.practitioner_id for row in rows}

    async def lock(self, service_ids: Collection[UUID]) -> None:
        """Until this transaction ends no other chooses the hours of these services."""
        wanted = select(BookableService.service_id).where(BookableService.service_id.in_(service_ids))
        await self.session.execute(wanted.order_by(BookableService.service_id).with_for_update())

    async def lock_all_of(self, practitioner_id: UUID) -> None:
        """Until this transaction ends no other takes a seat of any service of the practitioner."""
        wanted = select(BookableService.service_id).where(BookableService.practitioner_id == practitioner_id)
        await self.session.execute(wanted.order_by(BookableService.service_id).with_for_update())

    async def put(self, snapshot: ServiceSnapshot) -> None:
        """Stores what catalog says, unless something newer is there."""
        await projection.put(self.session, BookableService, _row(snapshot))


def _row(snapshot: ServiceSnapshot) -> dict[str, object]:
    row = snapshot.model_dump(exclude={"price"})
    return {**row, "price_amount": snapshot.price.amount, "currency": snapshot.price.currency}
