"""SQL of holds."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.payments.holds.domain import HoldCause
from services.payments.holds.models import OPEN, EarningHold, PayoutHold
from shared.database.repository import Repository
from shared.database.session import table_of

EARNING_HOLD, PAYOUT_HOLD = table_of(EarningHold), table_of(PayoutHold)


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
        unless_there = added.on_conflict_do_nothing(index_elements=[self.subject.name, "cause_id"], index_where=OPEN)
        opened = await self.session.execute(unless_there.returning(self.subject, self.table.c.id))
        return {row[0]: row[1] for row in opened}

    async def end(self, held: Collection[UUID], cause_id: str) -> dict[UUID, UUID]:
        """Ends what the cause holds of these; answers the holds' ids."""
        ended = (
            update(self.table)
            .where(self.subject.in_(held), self.table.c.cause_id == cause_id, self.table.c.ended_at.is_(None))
            .values(ended_at=func.greatest(self.table.c.opened_at, self.session.now()))
            .returning(self.subject, self.table.c.id)
        )
        return {row[0]: row[1] for row in await self.session.execute(ended)}

    async def held_by(self, cause_id: str) -> Sequence[UUID]:
        """What the cause holds now."""
        open_ones = select(self.subject).where(self.table.c.cause_id == cause_id, self.table.c.ended_at.is_(None))
        return (await self.session.scalars(open_ones)).all()

    async def has_ended(self, cause_id: str) -> bool:
        """Whether the cause held something and was ended."""
        over = exists().where(self.table.c.cause_id == cause_id, self.table.c.ended_at.is_not(None))
        return bool(await self.session.scalar(select(over)))


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
        own = (PayoutHold.practitioner_id == practitioner_id, PayoutHold.cause_id == cause_id)
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
