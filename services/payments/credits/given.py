"""Credits that the platform gives, and takes back where what they came with is not paid after all."""

from datetime import datetime
from uuid import UUID

from services.payments.credits.domain import EntryKind, GrantSource
from services.payments.credits.models import CreditEntry, CreditGrant
from services.payments.credits.repository import Entries, Grants, Wallets
from services.payments.credits.service import grant
from services.payments.ledger.domain import Leg, client_credits, promotion_costs
from services.payments.ledger.service import post
from shared.database.session import Session
from shared.records.ids import derived_id
from shared.records.money import Money


async def give(
    session: Session, grant_id: UUID, user_id: UUID, amount: Money, order_id: UUID, expires_at: datetime
) -> None:
    """Gives what a paid membership grants. The caller has made sure that it is the first time."""
    given = await grant(session, grant_id, user_id, amount, GrantSource.MEMBERSHIP, order_id, expires_at)
    await Entries(session).add(_line(session, given, EntryKind.GRANTED, amount.amount))
    leg = Leg(promotion_costs(amount.currency), client_credits(user_id, amount.currency), amount.amount)
    await post(session, derived_id(grant_id, "given"), "credits_given", [leg], _ref(given))


async def take_back(session: Session, grant_id: UUID, user_id: UUID) -> None:
    """Takes what is left of such a grant. What orders return to it later expires at once."""
    await Wallets(session).lock(user_id)
    given = (await Grants(session).get_all([grant_id])).get(grant_id)
    if given is None or given.expires_at is None or given.expires_at <= session.now():
        return
    left, given.remaining, given.expires_at = given.remaining, 0, session.now()
    await session.flush()
    leg = Leg(client_credits(user_id, given.currency), promotion_costs(given.currency), left)
    if await post(session, derived_id(grant_id, "taken back"), "credits_taken_back", [leg], _ref(given)):
        await Entries(session).add(_line(session, given, EntryKind.REVERSED, -left))


async def extend(session: Session, grant_id: UUID, user_id: UUID, until: datetime) -> None:
    """What is left of such a grant expires then, unless it has expired already."""
    await Wallets(session).lock(user_id)
    given = (await Grants(session).get_all([grant_id])).get(grant_id)
    if given is not None and given.expires_at is not None and given.expires_at > session.now():
        given.expires_at = max(given.expires_at, until)


def _ref(given: CreditGrant) -> dict[str, object]:
    return {"order_id": given.order_id, "grant_id": given.id}


def _line(session: Session, given: CreditGrant, kind: EntryKind, amount: int) -> CreditEntry:
    return CreditEntry(
        id=derived_id(given.id, kind.value),
        user_id=given.user_id,
        currency=given.currency,
        kind=kind,
        amount=amount,
        order_id=given.order_id,
        created_at=session.now(),
    )
