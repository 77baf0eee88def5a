"""SQL of stored notifications. What belongs to a person is read through the person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.notifications.models import StoredNotification
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.database.search import says
from shared.database.session import table_of, values_of
from shared.database.statements import CompiledStatement

LIST = ListOf(
    StoredNotification,
    {"created_at": StoredNotification.created_at},
    last=StoredNotification.id.desc(),
    search=partial(says, StoredNotification.title + "\n" + StoredNotification.body),
)


class Notifications(Repository):
    """The in-app list."""

    async def add_once(self, notifications: Sequence[StoredNotification]) -> list[StoredNotification]:
        """Stores them; returns those of whose cause their person was not notified before."""
        rows = await self.session.run_many(ADD, [values_of(one) for one in notifications])
        added = {row.id for row in rows}
        return [one for one in notifications if one.id in added]

    async def list(self, page: Page, caller: Caller) -> Found[StoredNotification]:
        """Newest first unless asked otherwise, with the number of all; `search` looks into titles and bodies."""
        return await LIST.page(self.session, self._visible_to(caller), page)

    async def unread(self, caller: Caller) -> int:
        """How many the caller has not read."""
        own = select(func.count()).where(StoredNotification.user_id == caller.user_id)
        return await self.session.scalar(own.where(StoredNotification.read_at.is_(None))) or 0

    async def get(self, notification_id: UUID, caller: Caller) -> StoredNotification:
        """Locked; raises NotFound for another's too."""
        own = self._visible_to(caller).where(StoredNotification.id == notification_id)
        return found(await self.session.scalar(own.with_for_update()))

    async def find_unread(
        self, user_id: UUID, kind: str, subject: Mapping[str, str | None]
    ) -> StoredNotification | None:
        """The newest unread one of that type whose data contain that subject, locked."""
        own = select(StoredNotification).where(StoredNotification.user_id == user_id, StoredNotification.type == kind)
        unread = own.where(StoredNotification.read_at.is_(None), StoredNotification.data.contains(dict(subject)))
        return await self.session.scalar(
            unread.order_by(StoredNotification.created_at.desc()).limit(1).with_for_update()
        )

    async def mark_read(self, user_id: UUID, cause: str, moment: datetime) -> Sequence[StoredNotification]:
        """Marks the one of that cause, if it is there and unread; returns it."""
        return await self._mark_read(moment, StoredNotification.user_id == user_id, StoredNotification.cause == cause)

    async def mark_all_read(self, caller: Caller, moment: datetime) -> Sequence[StoredNotification]:
        """Marks all that are unread; returns them, oldest first."""
        marked = await self._mark_read(moment, StoredNotification.user_id == caller.user_id)
        return sorted(marked, key=lambda one: one.id)

    async def _mark_read(self, moment: datetime, *which: ColumnElement[bool]) -> Sequence[StoredNotification]:
        unread = update(StoredNotification).where(*which, StoredNotification.read_at.is_(None)).values(read_at=moment)
        return (await self.session.scalars(unread.returning(StoredNotification))).all()

    def _visible_to(self, caller: Caller) -> Select[StoredNotification]:
        return select(StoredNotification).where(StoredNotification.user_id == caller.user_id)


NOTIFICATION = table_of(StoredNotification)
# Compiled for benchmarks/checkouts.py: every confirmed booking notifies both sides.
ADD = CompiledStatement(insert(NOTIFICATION).on_conflict_do_nothing().returning(NOTIFICATION.c.id))
