"""SQL of dates."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.catalog.dates.models import ServiceDate
from shared.database.repository import Repository


class ServiceDates(Repository):
    """The dates of services."""

    async def put(self, session_id: UUID, service_id: UUID, start: datetime) -> None:
        """Stores when the session begins now."""
        row = {"session_id": session_id, "service_id": service_id, "start_time": start}
        new = insert(ServiceDate).values(row)
        await self.session.execute(new.on_conflict_do_update(index_elements=["session_id"], set_={"start_time": start}))

    async def remove(self, session_id: UUID) -> None:
        """The session takes place no more."""
        await self.session.execute(delete(ServiceDate).where(ServiceDate.session_id == session_id))

    async def starts_of(self, service_id: UUID) -> Sequence[datetime]:
        """All of the service, past ones too, in their order."""
        wanted = select(ServiceDate.start_time).where(ServiceDate.service_id == service_id)
        return (await self.session.scalars(wanted.order_by(ServiceDate.start_time))).all()
