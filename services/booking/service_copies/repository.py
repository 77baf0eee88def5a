"""The projection's rows."""

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

    async def put(self, snapshot: ServiceSnapshot) -> None:
        """Stores what catalog says, unless something newer is there."""
        await projection.put(self.session, BookableService, _row(snapshot))


def _row(snapshot: ServiceSnapshot) -> dict[str, object]:
    row = snapshot.model_dump(exclude={"price", "service_type"})
    return {**row, "price_amount": snapshot.price.amount, "currency": snapshot.price.currency}
