"""Stored series."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from services.booking.people.repository import may_not_sell
from services.booking.service_copies.models import BookableService
from services.booking.sessions.models import Series
from shared.database.repository import Repository

PAGE = 50


class AllSeries(Repository):
    """The series of all services."""

    async def add(self, series: Series) -> None:
        """Stores a new one."""
        self.session.add(series)
        await self.session.flush()

    async def find(self, series_id: UUID, *, lock: bool = False) -> Series | None:
        """The series. With `lock` it does not end, and no other transaction writes its dates, meanwhile."""
        wanted = select(Series).where(Series.id == series_id)
        if lock:
            wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
        return (await self.session.scalars(wanted)).one_or_none()

    async def end(self, series_id: UUID) -> None:
        """Nothing more is written of it; it may have ended before."""
        wanted = update(Series).where(Series.id == series_id, Series.ended_at.is_(None))
        await self.session.execute(wanted.values(ended_at=self.session.now()))

    async def due(self, now: datetime, after: UUID | None) -> Sequence[UUID]:
        """The next page, after that one, of those that have a day to write now and whose service is sold."""
        barred = may_not_sell(
            BookableService.practitioner_id.expression, BookableService.practitioner_user_id.expression
        )
        wanted = (
            select(Series.id)
            .join(BookableService, BookableService.service_id == Series.service_id)
            .where(Series.write_at <= now, Series.ended_at.is_(None), BookableService.is_active, ~barred)
        )
        if after is not None:
            wanted = wanted.where(Series.id > after)
        return (await self.session.scalars(wanted.order_by(Series.id).limit(PAGE))).all()
