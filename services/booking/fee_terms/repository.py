"""Fees, one for each booking that may cost one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select, update

from services.booking.fee_terms.domain import FeeStatus
from services.booking.fee_terms.models import Fee
from shared.concurrency.back_off import BackOff
from shared.database.repository import Repository
from shared.records.clock import machine_now
from shared.work.attempts import claim

BATCH = 8
BACK_OFF = BackOff(2.0, 60.0)


class Fees(Repository):
    """The fees of all bookings."""

    def add(self, fee: Fee) -> None:
        """Stores a new one."""
        self.session.add(fee)

    async def find(self, booking_id: UUID) -> Fee | None:
        """The booking's fee, locked."""
        wanted = select(Fee).where(Fee.booking_id == booking_id).with_for_update()
        return (await self.session.scalars(wanted.execution_options(populate_existing=True))).one_or_none()

    async def due_of(self, booking_ids: Collection[UUID]) -> dict[UUID, Fee]:
        """Those of these bookings that were due at some time, by booking."""
        if not booking_ids:
            return {}
        wanted = select(Fee).where(Fee.booking_id.in_(booking_ids), Fee.cause.is_not(None))
        return {fee.booking_id: fee for fee in await self.session.scalars(wanted)}

    async def any_to_charge(self, now: datetime) -> bool:
        """Whether `begin` or `claim` would find any."""
        due = (Fee.status == FeeStatus.DUE) & (Fee.due_at <= now)
        tried = Fee.waiting() & (Fee.next_try_at <= machine_now())
        return bool(await self.session.scalar(select(exists().where(or_(due, tried)))))

    async def begin(self, now: datetime) -> None:
        """Those whose time has come are charged from now on, and can no longer be waived."""
        due = update(Fee).where(Fee.status == FeeStatus.DUE, Fee.due_at <= now)
        await self.session.execute(due.values(status=FeeStatus.CHARGING, next_try_at=machine_now()))

    async def claim(self) -> Sequence[Fee]:
        """Those that are to be charged and are not being tried just now."""
        return await claim(self.session, Fee, BATCH, BACK_OFF)
