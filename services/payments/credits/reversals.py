"""Bought credits whose payment went back to the card: they are taken back, and those spent are the client's debt.

Bought credits that come to a client in debt repay it first; promotional ones never do.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.payments.credits.domain import PRIORITY, EntryKind, GrantSource, spending_order
from services.payments.credits.models import CreditEntry
from services.payments.credits.repository import Entries, Grants, Wallets, as_spendable
from services.payments.ledger.domain import Leg, client_credits, client_debt
from services.payments.ledger.service import balance_of, post
from shared.database.session import Session
from shared.events.payments import ClientDebtIncurred
from shared.messaging.outbox import emit
from shared.records.ids import derived_id
from shared.records.money import Money


async def take_back(session: Session, order_id: UUID, client_id: UUID, refund_id: UUID, amount: Money) -> int:
    """Takes back `amount` of a purchase: what is left of it, then the client's other bought credits.

    Answers how much was there, in minor units; the rest is debt, of which staff learn by an event. Once per refund id;
    the caller posts both parts. The order is locked; the wallet is locked here.
    """
    await Wallets(session).lock(client_id)
    taken = await _take_bought(session, client_id, amount.amount, first=derived_id(order_id, "grant"))
    gone = Money(taken, amount.currency)
    await _add_entry(session, client_id, gone, derived_id(refund_id, "reversed"))
    if gone < amount:
        owed = amount - gone
        emit(session, ClientDebtIncurred(order_id=order_id, client_id=client_id, refund_id=refund_id, amount=owed))
    return taken


async def repay(session: Session, user_id: UUID, currency: str, cause_id: UUID, ref: Mapping[str, Any]) -> None:
    """Repays the client's debt from bought credits, as far as there are any. Once per `cause_id`.

    To be called after the posting that brought credits to the client.
    """
    await session.flush()
    if await _debt_of(session, user_id, currency) == 0:
        return
    await Wallets(session).lock(user_id)
    # Who had the wallet's lock before may have repaid it.
    taken = await _take_bought(session, user_id, await _debt_of(session, user_id, currency))
    leg = Leg(client_credits(user_id, currency), client_debt(user_id, currency), taken)
    posting = derived_id(cause_id, "client debt")
    await post(session, posting, "client_debt_repaid", [leg], ref)
    await _add_entry(session, user_id, Money(taken, currency), posting)


async def _debt_of(session: Session, user_id: UUID, currency: str) -> int:
    return -await balance_of(session, client_debt(user_id, currency))


async def _take_bought(session: Session, user_id: UUID, amount: int, first: UUID | None = None) -> int:
    """Lowers the client's bought grants by up to `amount`, beginning with `first`; answers by how much."""
    grants = await Grants(session).spendable(user_id)
    bought = [grant for grant in grants.values() if grant.priority == PRIORITY[GrantSource.PURCHASE]]
    order = spending_order([as_spendable(grant) for grant in bought])
    left = amount
    for spendable in sorted(order, key=lambda each: each.id != first):
        part = min(spendable.remaining, left)
        grants[spendable.id].remaining -= part
        left -= part
    await session.flush()
    return amount - left


async def _add_entry(session: Session, user_id: UUID, gone: Money, entry_id: UUID) -> None:
    if not gone:
        return
    entry = CreditEntry(
        id=entry_id,
        user_id=user_id,
        currency=gone.currency,
        kind=EntryKind.REVERSED,
        amount=-gone.amount,
        order_id=None,
        created_at=session.now(),
    )
    await Entries(session).add(entry)
