"""Credits that nobody paid for."""

from datetime import datetime
from uuid import UUID

from services.payments.credits.domain import GrantSource
from services.payments.credits.service import grant
from services.payments.ledger.domain import Leg, client_credits, stripe_clearing
from services.payments.ledger.service import post
from shared.records.ids import new_id
from shared.records.money import Money
from shared.runtime import Runtime


async def give_credits(runtime: Runtime, user_id: UUID, amount: int, expires_at: datetime | None = None) -> UUID:
    """A promotion, with its ledger entry; answers its id."""
    async with runtime.db.transaction() as session:
        money, grant_id = Money(amount, "USD"), new_id()
        await grant(session, grant_id, user_id, money, GrantSource.PROMOTION, expires_at=expires_at)
        leg = Leg(stripe_clearing("USD"), client_credits(user_id, "USD"), amount)
        await post(session, grant_id, "promotion", [leg], {})
    return grant_id
