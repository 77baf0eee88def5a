"""SQL of refunds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, or_, select, update

from services.payments.refunds.domain import REFUSED_AT_MOST, RefundStatus
from services.payments.refunds.models import Refund
from shared.database.repository import Repository, found


class Refunds(Repository):
    """Refunds; whoever adds one holds the order's lock."""

    async def find(self, refund_id: UUID, *, lock: bool = False) -> Refund | None:
        """The refund with that id, or None."""
        chosen = select(Refund).where(Refund.id == refund_id).execution_options(populate_existing=lock)
        return await self.session.scalar(chosen.with_for_update() if lock else chosen)

    async def get(self, refund_id: UUID, *, lock: bool = False) -> Refund:
        """As `find`, and NotFound where there is none."""
        return found(await self.find(refund_id, lock=lock))

    async def look_up(self, refund_id: UUID, order_id: UUID) -> tuple[Refund | None, int]:
        """The refund with that id, whichever order's; and what failed ones of that order left owed, as `owed` says."""
        chosen = select(Refund).where(or_(Refund.id == refund_id, Refund.order_id == order_id))
        found = (await self.session.scalars(chosen)).all()
        of_order = [each for each in found if each.order_id == order_id]
        failed = sum(each.card for each in of_order if each.status is RefundStatus.FAILED)
        known = next((each for each in found if each.id == refund_id), None)
        return known, failed - sum(each.settles for each in of_order)

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
        waiting = update(Refund).where(Refund.order_id == order_id, Refund.waiting())
        await self.session.execute(waiting.values(next_try_at=now, tries=0, last_error=None, failing_since=None))

    async def due(self, now: datetime, limit: int) -> Sequence[Refund]:
        """Refunds whose next try is due at `now` (machine time), or that Stripe has refused for too long."""
        too_long = Refund.failing_since <= self.session.now() - REFUSED_AT_MOST
        chosen = select(Refund).where(or_(Refund.next_try_at <= now, too_long)).order_by(Refund.next_try_at)
        return (await self.session.scalars(chosen.limit(limit))).all()
