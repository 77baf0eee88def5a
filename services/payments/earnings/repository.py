"""SQL of earnings and practitioners."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.payments.earnings.domain import EarningStatus
from services.payments.earnings.models import Earning, PractitionerLock
from services.payments.orders.domain import ReleasedOn
from services.payments.orders.models import OrderLine
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository
from shared.database.session import table_of, values_of
from shared.database.statements import CompiledStatement


class PractitionerLocks(Repository):
    """The rows that changes to a practitioner's money queue on."""

    async def lock(self, *practitioner_ids: UUID) -> None:
        """Waits for the practitioners' turns, in the order of their ids, and keeps them to the transaction's end."""
        wanted = sorted({*practitioner_ids})
        if not wanted or (len(wanted) == 1 and await self._locked(wanted)):
            return
        rows = [{"practitioner_id": each, "created_at": self.session.now()} for each in wanted]
        await self.session.execute(insert(PractitionerLock).values(rows).on_conflict_do_nothing())
        await self._locked(wanted)

    async def _locked(self, practitioner_ids: Sequence[UUID]) -> Sequence[UUID]:
        lock = PractitionerLock.practitioner_id
        rows = select(lock).where(lock.in_(practitioner_ids)).order_by(lock).with_for_update()
        return (await self.session.scalars(rows)).all()


@dataclass(frozen=True, slots=True)
class Sums:
    """The entries of one status together, in minor units."""

    net: int
    repaid: int
    reversed: int


class Earnings(Repository):
    """Entries; `of_...` lock what they return, and a caller that changes money holds the practitioner's lock before."""

    async def add(self, earning: Earning) -> None:
        """Stores a new entry; later changes of this object are not."""
        await self.session.run(ADD, values_of(earning))

    async def of_lines(self, line_ids: Collection[UUID]) -> list[Earning]:
        """All parts of what these lines earned."""
        return await self._locked(select(Earning).where(Earning.line_id.in_(line_ids)).order_by(Earning.id))

    async def of_line(self, line: OrderLine) -> list[Earning]:
        """All parts of the line's earnings, as refunds take them: money that is still here, that on completed first."""
        parts = await self._locked(select(Earning).where(Earning.line_id == line.id).order_by(Earning.part.desc()))
        on = [release.on for release in line.parts]
        return sorted(parts, key=lambda part: (not part.entry.in_hand, on[part.release] is ReleasedOn.PAID))

    async def of_payout(self, payout_id: UUID) -> list[Earning]:
        """What the payout took, oldest first."""
        taken = select(Earning).where(Earning.payout_id == payout_id)
        return await self._locked(taken.order_by(Earning.available_at, Earning.id))

    async def of_due(self, practitioner_id: UUID, until: datetime) -> list[Earning]:
        """The practitioner's pending entries whose hold period has ended, oldest first."""
        due = select(Earning).where(
            Earning.practitioner_id == practitioner_id,
            Earning.status == EarningStatus.PENDING,
            Earning.available_at <= until,
        )
        return await self._locked(due.order_by(Earning.available_at, Earning.id))

    async def of_payable(self, practitioner_id: UUID) -> list[Earning]:
        """What a payout may take of, oldest first."""
        payable = select(Earning).where(
            Earning.practitioner_id == practitioner_id,
            Earning.status == EarningStatus.AVAILABLE,
            Earning.net > Earning.repaid,
        )
        return await self._locked(payable.order_by(Earning.available_at, Earning.id))

    async def payable(self, practitioner_id: UUID, currency: str, until: datetime) -> int:
        """What the practitioner could have been paid at that moment, as far as it is still there; minor units."""
        total = select(func.coalesce(func.sum(Earning.net - Earning.repaid), 0)).where(
            Earning.practitioner_id == practitioner_id,
            Earning.currency == currency,
            Earning.status == EarningStatus.AVAILABLE,
            Earning.available_at <= until,
        )
        return int(await self.session.scalar(total) or 0)

    async def complete(
        self, booking_id: UUID, line_id: UUID | None, completed_at: datetime, available_at: datetime
    ) -> bool:
        """Starts the hold period of what the line earned on completion, once, or notes that it ended before it earned.

        Without a line, of what the booking earned. False where there was nothing to do.
        """
        first = update(EARNING).where(
            EARNING.c.booking_id == booking_id if line_id is None else EARNING.c.line_id == line_id,
            EARNING.c.status.in_([EarningStatus.PENDING, EarningStatus.HELD]),
            EARNING.c.completed_at.is_(None),
            EARNING.c.available_at.is_(None),
        )
        started = first.values(completed_at=completed_at, available_at=available_at).returning(EARNING.c.id).cte()
        unearned = update(LINE).where(
            LINE.c.id == line_id, LINE.c.earned_at.is_(None), ~exists(select(started.c.id).correlate(None))
        )
        noted = unearned.values(ended_at=func.coalesce(LINE.c.ended_at, completed_at)).returning(LINE.c.id).cte()
        done = await self.session.execute(select(started.c.id).union_all(select(noted.c.id)))
        return bool(done.all())

    async def next_part(self, line_id: UUID, release: int) -> int:
        """The number of the next part of that release of the line; the practitioner is locked."""
        highest = select(func.max(Earning.part)).where(Earning.line_id == line_id, Earning.release == release)
        return int(await self.session.scalar(highest) or 0) + 1

    async def practitioners_due(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Practitioners with pending entries whose hold period has ended."""
        due = select(Earning.practitioner_id).where(
            Earning.status == EarningStatus.PENDING, Earning.available_at <= now
        )
        return (await self.session.scalars(due.distinct().limit(limit))).all()

    async def sums(self, practitioner_id: UUID, currency: str) -> dict[EarningStatus, Sums]:
        """The practitioner's entries by status."""
        grouped = (
            select(
                Earning.status,
                func.sum(Earning.net),
                func.sum(Earning.repaid),
                func.sum(Earning.reversed_net + Earning.owed),
            )
            .where(Earning.practitioner_id == practitioner_id, Earning.currency == currency)
            .group_by(Earning.status)
        )
        return {row[0]: Sums(int(row[1]), int(row[2]), int(row[3])) for row in await self.session.execute(grouped)}

    async def _locked(self, statement: Any) -> list[Earning]:
        fresh = statement.with_for_update().execution_options(populate_existing=True)
        return list((await self.session.scalars(fresh)).all())

    async def list(self, practitioner_id: UUID, page: Page, status: EarningStatus | None) -> Found[Earning]:
        """One page of the practitioner's own entries, newest first, and how many there are."""
        mine = select(Earning).where(Earning.practitioner_id == practitioner_id, *given({Earning.status: status}))
        return await LIST.page(self.session, mine, page)


LIST = ListOf(
    Earning,
    {"created_at": Earning.created_at, "available_at": Earning.available_at, "net_amount": Earning.net},
    last=Earning.id,
)
EARNING, LINE = table_of(Earning), table_of(OrderLine)
# Runs in every checkout: compiled for benchmarks/checkouts.py.
ADD = CompiledStatement(insert(EARNING))
