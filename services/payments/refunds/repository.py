"""SQL of refunds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, case, func, select, update

from services.payments.refunds.domain import RefundStatus, Tenders
from services.payments.refunds.models import Refund
from shared.database.session import Session, table_of
from shared.database.statements import CompiledStatement


class Refunds:
    """Refunds; whoever adds one holds the order's lock."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def find(self, refund_id: UUID, *, lock: bool = False) -> Refund | None:
        """The refund with that id, or None."""
        chosen = select(Refund).where(Refund.id == refund_id).execution_options(populate_existing=lock)
        return await self.session.scalar(chosen.with_for_update() if lock else chosen)

    async def refunded(self, order_id: UUID) -> Tenders:
        """What has been taken from the sale so far, by tender; failed refunds count, their money is owed."""
        sums = select(
            func.coalesce(func.sum(Refund.card - Refund.settles), 0), func.coalesce(func.sum(Refund.credits), 0)
        )
        row = (await self.session.execute(sums.where(Refund.order_id == order_id))).one()
        return Tenders(int(row[0]), int(row[1]))

    async def owed(self, order_id: UUID) -> int:
        """Minor units of failed refunds of the order that no later one has settled."""
        failed = case((Refund.status == RefundStatus.FAILED, Refund.card), else_=0)
        owed = select(func.coalesce(func.sum(failed - Refund.settles), 0)).where(Refund.order_id == order_id)
        return int(await self.session.scalar(owed) or 0)

    async def of_stripe(self, stripe_refund_id: str, *, lock: bool = False) -> Refund | None:
        """The refund which Stripe knows by that id, or None."""
        chosen = select(Refund).where(Refund.stripe_refund_id == stripe_refund_id)
        chosen = chosen.execution_options(populate_existing=lock)
        return await self.session.scalar(chosen.with_for_update() if lock else chosen)

    async def unsent(self, order_id: UUID, card: int) -> Refund | None:
        """The oldest refund of that amount by card which Stripe is not known to have made, locked."""
        return next((each for each in await self.all_unsent(order_id) if each.card == card), None)

    async def all_unsent(self, order_id: UUID) -> Sequence[Refund]:
        """The order's refunds that Stripe is not known to have made, oldest first, locked."""
        waiting = select(Refund).where(
            Refund.order_id == order_id,
            Refund.status == RefundStatus.PENDING,
            Refund.stripe_refund_id.is_(None),
        )
        oldest = waiting.order_by(Refund.created_at, Refund.id).with_for_update()
        return (await self.session.scalars(oldest.execution_options(populate_existing=True))).all()

    async def of_order(self, order_id: UUID) -> Sequence[Refund]:
        """The order's refunds, oldest first."""
        chosen = select(Refund).where(Refund.order_id == order_id).order_by(Refund.created_at, Refund.id)
        return (await self.session.scalars(chosen)).all()

    async def wake(self, order_id: UUID, now: datetime) -> None:
        """Makes the order's unfinished refunds due at `now` (machine time), as if they had not been tried yet."""
        waiting = update(Refund).where(Refund.order_id == order_id, Refund.status == RefundStatus.PENDING)
        await self.session.execute(waiting.values(next_try_at=now, tries=0))

    async def due(self, now: datetime, limit: int) -> Sequence[Refund]:
        """Refunds that Stripe has not confirmed and whose next try is due at `now` (machine time)."""
        if not await self.session.run(ANY_DUE, {"now": now}):
            return []
        chosen = select(Refund).where(Refund.next_try_at <= now).order_by(Refund.next_try_at).limit(limit)
        return (await self.session.scalars(chosen)).all()


async def list_for_order(session: Session, order_id: UUID) -> Sequence[Refund]:
    """The order's refunds, oldest first, those made by the system too."""
    return await Refunds(session).of_order(order_id)


REFUND = table_of(Refund)
ANY_DUE = CompiledStatement(select(REFUND.c.id).where(REFUND.c.next_try_at <= bindparam("now")).limit(1))
