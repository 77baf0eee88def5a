"""SQL of disputes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, func, select

from services.payments.chargebacks.domain import WITHDRAWN, ChargebackStatus
from services.payments.chargebacks.models import Chargeback
from services.payments.orders.domain import Chargebacked
from services.payments.orders.models import Order
from shared.database.repository import Repository


class Chargebacks(Repository):
    """Disputes; whoever adds or changes one holds the order's lock."""

    async def find(self, stripe_dispute_id: str) -> Chargeback | None:
        """The dispute which Stripe knows by that id, as it is now, or None."""
        return await self.session.get(Chargeback, stripe_dispute_id, populate_existing=True)

    async def statuses(self, order_id: UUID) -> Sequence[ChargebackStatus]:
        """How the order's disputes stand."""
        return (await self.session.scalars(select(Chargeback.status).where(Chargeback.order_id == order_id))).all()

    async def withdrawn(self, order_id: UUID) -> int:
        """What the order's disputes that are open or lost ask back, in minor units."""
        asked = select(func.coalesce(func.sum(Chargeback.amount), 0))
        standing = asked.where(Chargeback.order_id == order_id, Chargeback.status.in_(WITHDRAWN))
        return int(await self.session.scalar(standing) or 0)

    async def are_open_or_lost(self, client_id: UUID, subscription_id: UUID) -> bool:
        """Whether the client's bank has taken the payment of one of its bills back, or is about to."""
        withdrawn = Order.chargeback.in_([Chargebacked.OPEN, Chargebacked.LOST])
        theirs = (Order.client_id == client_id, Order.subject_id == subscription_id)
        return bool(await self.session.scalar(select(exists().where(*theirs, withdrawn))))
