"""SQL of exports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.identity.exports.domain import ExportStatus
from services.identity.exports.models import Export, ExportPart
from shared.database.repository import Repository, found


class Exports(Repository):
    """Exports, by person."""

    async def add(self, export: Export) -> Export:
        """Stores a new one. The person's account is locked."""
        self.session.add(export)
        await self.session.flush()
        return export

    async def usable_since(self, user_id: UUID, moment: datetime) -> Export | None:
        """The newest that was asked for after that moment, and did not fail."""
        query = select(Export).where(
            Export.user_id == user_id, Export.created_at > moment, Export.status != ExportStatus.FAILED
        )
        return await self.session.scalar(query.order_by(Export.id.desc()).limit(1))

    async def get_own(self, export_id: UUID, user_id: UUID, now: datetime) -> Export:
        """The person's export; raises NotFound for another's, and for one that has expired."""
        own = (Export.id == export_id, Export.user_id == user_id, Export.expires_at > now)
        return found(await self.session.scalar(select(Export).where(*own)), "export")

    async def lock(self, export_id: UUID) -> Export | None:
        """As it is now, locked; None once it is gone."""
        return await self.session.get(Export, export_id, with_for_update=True, populate_existing=True)

    async def parts(self, export_id: UUID) -> Sequence[ExportPart]:
        """What was gathered, by service."""
        query = select(ExportPart).where(ExportPart.export_id == export_id).order_by(ExportPart.service)
        return (await self.session.scalars(query)).all()

    async def services(self, export_id: UUID) -> list[str]:
        """Of which services there is a part, by name."""
        query = select(ExportPart.service).where(ExportPart.export_id == export_id)
        return list(await self.session.scalars(query.order_by(ExportPart.service)))

    async def put_part(self, **part: Any) -> None:
        """Stores the part of a service, unless there is one."""
        await self.session.execute(insert(ExportPart).values(part).on_conflict_do_nothing())

    async def prune(self, now: datetime) -> int:
        """Deletes those that have expired, with their parts; returns how many."""
        gone = delete(Export).where(Export.expires_at <= now).returning(Export.id)
        return len((await self.session.scalars(gone, execution_options={"synchronize_session": False})).all())
