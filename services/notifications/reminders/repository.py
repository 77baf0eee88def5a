"""SQL of reminders."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.reminders.domain import ReminderStatus
from services.notifications.reminders.models import Reminder
from shared.database.repository import Repository
from shared.database.session import table_of
from shared.database.statements import CompiledStatement


class Reminders(Repository):
    """What is to be sent before a start."""

    async def add_once(self, reminders: Sequence[dict[str, Any]]) -> None:
        """Stores those that are not there yet."""
        await self.session.run_many(ADD, reminders)

    async def cancel_scheduled(self, booking_id: UUID) -> None:
        """Skips what is scheduled for that booking."""
        scheduled = update(Reminder).where(
            Reminder.booking_id == booking_id, Reminder.status == ReminderStatus.SCHEDULED
        )
        await self.session.execute(scheduled.values(status=ReminderStatus.SKIPPED, settled_at=self.session.now()))

    async def due_bookings(self, limit: int) -> Sequence[UUID]:
        """Bookings with a reminder whose moment has come, those that wait longest first."""
        due = select(Reminder.booking_id).where(*self._due()).group_by(Reminder.booking_id)
        return (await self.session.scalars(due.order_by(func.min(Reminder.due_at)).limit(limit))).all()

    async def due_of(self, booking_id: UUID) -> Sequence[Reminder]:
        """The due reminders of one booking, locked; the booking's own lock was taken first."""
        due = select(Reminder).where(Reminder.booking_id == booking_id, *self._due()).order_by(Reminder.id)
        return (await self.session.scalars(due.with_for_update())).all()

    def _due(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return Reminder.status == ReminderStatus.SCHEDULED, Reminder.due_at <= self.session.now()


# Compiled for benchmarks/checkouts.py: every confirmed booking plans four.
ADD = CompiledStatement(insert(table_of(Reminder)).on_conflict_do_nothing())
