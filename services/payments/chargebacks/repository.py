"""SQL of disputes."""

from uuid import UUID

from sqlalchemy import select

from services.payments.chargebacks.domain import STANDING
from services.payments.chargebacks.models import Chargeback
from shared.database.session import Session


class Chargebacks:
    """Disputes; whoever adds or changes one holds the order's lock."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def find(self, stripe_dispute_id: str) -> Chargeback | None:
        """The dispute which Stripe knows by that id, as it is now, or None."""
        return await self.session.get(Chargeback, stripe_dispute_id, populate_existing=True)

    async def stand(self, order_id: UUID) -> bool:
        """Whether one of the order's disputes is open or lost."""
        standing = select(Chargeback.id).where(Chargeback.order_id == order_id, Chargeback.status.in_(STANDING))
        return await self.session.scalar(standing.limit(1)) is not None
