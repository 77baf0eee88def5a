"""SQL of holds."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.payments.holds.domain import HoldCause
from services.payments.holds.models import OPEN, EarningHold, PayoutHold, ServiceHold
from shared.database.repository import Repository
from shared.database.session import table_of

EARNING_HOLD, PAYOUT_HOLD = table_of(EarningHold), table_of(PayoutHold)


class ServiceHolds(Repository):
    """Causes of other services."""

    async def add(self, cause_id: UUID, cause: HoldCause | None) -> bool:
        """Notes the cause, or that it has ended where none is given; False where the id is known already."""
        now = self.session.now()
        row = {"cause_id": cause_id, "cause": cause, "created_at": now, "ended_at": None if cause else now}
        added = insert(ServiceHold).values(row).on_conflict_do_nothing().returning(ServiceHold.cause_id)
        return (await self.session.execute(added)).first() is not None

    async def lock(self, cause_id: UUID) -> ServiceHold:
        """A known cause, as it is now; whoever opens or ends it waits until the transaction has ended."""
        known = select(ServiceHold).where(ServiceHold.cause_id == cause_id).with_for_update()
        return (await self.session.scalars(known.execution_options(populate_existing=True))).one()


class _Holds(Repository):
    """Holds of one table. What is held is locked by whoever opens or ends one."""

    table: ClassVar[Table]
    subject: ClassVar[Column[UUID]]

    async def open(self, held: Collection[UUID], cause: HoldCause, cause_id: str) -> dict[UUID, UUID]:
        """Opens a hold for each of these that the cause does not hold now; answers the holds' ids."""
        now = self.session.now()
        rows = [{self.subject.name: each, "cause": cause, "cause_id": cause_id, "opened_at": now} for each in held]
        if not rows:
            return {}
        added = insert(self.table).values(rows)
        unique = [self.subject.name, "cause", "cause_id"]
        unless_there = added.on_conflict_do_nothing(index_elements=unique, index_where=OPEN)
        opened = await self.session.execute(unless_there.returning(self.subject, self.table.c.id))
        return {row[0]: row[1] for row in opened}

    async def end(self, cause: HoldCause, cause_id: str) -> dict[UUID, UUID]:
        """Ends what the cause holds; answers the holds' ids."""
        ended = (
            update(self.table)
            .where(*self._of(cause, cause_id), self.table.c.ended_at.is_(None))
            .values(ended_at=func.greatest(self.table.c.opened_at, self.session.now()))
            .returning(self.subject, self.table.c.id)
        )
        return {row[0]: row[1] for row in await self.session.execute(ended)}

    async def named_by(self, cause: HoldCause, cause_id: str) -> set[UUID]:
        """What the cause holds, or has held."""
        return {*await self.session.scalars(select(self.subject).where(*self._of(cause, cause_id)))}

    def _of(self, cause: HoldCause, cause_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return self.table.c.cause == cause, self.table.c.cause_id == cause_id


class EarningHolds(_Holds):
    """What holds lines."""

    table = EARNING_HOLD
    subject = EARNING_HOLD.c.line_id

    async def among(self, line_ids: Collection[UUID]) -> set[UUID]:
        """Those of these lines that anything holds."""
        kept = select(EarningHold.line_id).where(EarningHold.line_id.in_(line_ids), EarningHold.ended_at.is_(None))
        return set((await self.session.scalars(kept)).all())


class PayoutHolds(_Holds):
    """What holds practitioners' payouts."""

    table = PAYOUT_HOLD
    subject = PAYOUT_HOLD.c.practitioner_id

    async def include(self, practitioner_id: UUID) -> bool:
        """Whether anything holds the practitioner's payouts now."""
        return bool(await self.session.scalar(select(is_on_hold(practitioner_id))))

    async def decided(self, practitioner_id: UUID, at: datetime, *, suspended: bool) -> None:
        """What staff decided at that moment about a suspension, unless they decided otherwise later."""
        cause_id = str(practitioner_id)
        own = (*self._of(HoldCause.SUSPENSION, cause_id), PayoutHold.practitioner_id == practitioner_id)
        newest = select(func.max(func.coalesce(PayoutHold.ended_at, PayoutHold.opened_at))).where(*own)
        last = await self.session.scalar(newest)
        if last is not None and last > at:
            return
        if suspended:
            await self._add_decision(practitioner_id, at, ended_at=None)
            return
        ended = update(PayoutHold).where(*own, PayoutHold.ended_at.is_(None)).values(ended_at=at)
        was_open = (await self.session.execute(ended.returning(PayoutHold.id))).first() is not None
        if not was_open and last != at:
            # The suspension that this undoes may come later.
            await self._add_decision(practitioner_id, at, ended_at=at)

    async def _add_decision(self, practitioner_id: UUID, at: datetime, *, ended_at: datetime | None) -> None:
        row = {
            "practitioner_id": practitioner_id,
            "cause": HoldCause.SUSPENSION,
            "cause_id": str(practitioner_id),
            "opened_at": at,
            "ended_at": ended_at,
        }
        await self.session.execute(insert(PayoutHold).values(row).on_conflict_do_nothing())


def is_on_hold(practitioner_id: Any) -> ColumnElement[bool]:
    """Whether anything holds the payouts of that practitioner, or the column's."""
    return exists().where(PayoutHold.practitioner_id == practitioner_id, PayoutHold.ended_at.is_(None))


def is_held(line_id: Any) -> ColumnElement[bool]:
    """Whether anything holds the line that the column names."""
    return exists().where(EarningHold.line_id == line_id, EarningHold.ended_at.is_(None))
