"""Use cases of credits: hold, capture, release, retake, restore, grant, expire, transfer (rule 14).

The ledger entries of a payment and of a refund are posted by who pays or refunds; those that only move credits are
posted here.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.payments.credits import reversals
from services.payments.credits.domain import (
    PRIORITY,
    CardPartTooSmall,
    EntryKind,
    GrantSource,
    NotEnoughCredits,
    UseState,
    Wish,
    credits_to_use,
    distribute_refund,
    take,
)
from services.payments.credits.errors import AmountTooSmall, CreditsGone, InsufficientCredits
from services.payments.credits.models import CreditEntry, CreditGrant, CreditUse
from services.payments.credits.repository import Entries, Grants, Uses, Wallets, as_spendable
from services.payments.ledger.domain import (
    Leg,
    client_credits,
    credits_expired,
    credits_held,
    order_escrow,
    stripe_clearing,
)
from services.payments.ledger.service import post
from shared.database.session import Session
from shared.records.currencies import minimum_charge
from shared.records.ids import derived_id, new_id
from shared.records.money import Money


async def hold(session: Session, order_id: UUID, client_id: UUID, total: Money, wish: Wish) -> int:
    """Decides how much of an order credits pay, and sets that aside from the client's grants; answers minor units.

    Raises InsufficientCredits for more than balance or price, AmountTooSmall where no card can be charged the rest.
    """
    grants: dict[UUID, CreditGrant] = {}
    if wish:
        await Wallets(session).lock(client_id)
        grants = await Grants(session).spendable(client_id)
    used = _decide(total, sum(grant.remaining for grant in grants.values()), wish)
    if used:
        held = Money(used, total.currency)
        _take(session, order_id, client_id, held, grants, UseState.HELD)
        leg = Leg(client_credits(client_id, total.currency), credits_held(client_id, total.currency), used)
        await post(session, derived_id(order_id, "credits_held"), "credits_held", [leg], {"order_id": order_id})
    return used


def _decide(total: Money, balance: int, wish: Wish) -> int:
    try:
        return credits_to_use(total.amount, balance, wish, minimum_charge(total.currency))
    except NotEnoughCredits:
        raise InsufficientCredits(field="credits") from None
    except CardPartTooSmall:
        raise AmountTooSmall(field="credits" if wish else None) from None


def _take(
    session: Session, order_id: UUID, client_id: UUID, amount: Money, grants: dict[UUID, CreditGrant], state: UseState
) -> None:
    taken = take([as_spendable(grant) for grant in grants.values()], amount.amount)
    for position, (grant_id, part) in enumerate(taken):
        grants[grant_id].remaining -= part
        session.add(
            CreditUse(
                order_id=order_id,
                user_id=client_id,
                grant_id=grant_id,
                currency=amount.currency,
                position=position,
                amount=part,
                restored=0,
                state=state,
                created_at=session.now(),
            )
        )


async def capture(session: Session, order_id: UUID, client_id: UUID, held: Money) -> None:
    """What the order holds is spent. The caller has the order's lock and posts credits_held -> order_escrow."""
    if not held:
        return
    await session.flush()
    for use in await Uses(session).of_order(order_id, UseState.HELD):
        use.state = UseState.CAPTURED
    await _entry(session, order_id, client_id, EntryKind.SPENT, _minus(held))


async def release(session: Session, order_id: UUID, client_id: UUID, held: Money) -> None:
    """What the order holds goes back to the grants it came from, with their old expiry. Needs the order's lock."""
    if not held:
        return
    await Wallets(session).lock(client_id)
    uses = await Uses(session).of_order(order_id, UseState.HELD)
    grants = await Grants(session).get_all([use.grant_id for use in uses])
    for use in uses:
        use.state = UseState.RELEASED
        grants[use.grant_id].remaining += use.amount
    back = sum(use.amount for use in uses)
    leg = Leg(credits_held(client_id, held.currency), client_credits(client_id, held.currency), back)
    ref = {"order_id": order_id}
    await post(session, derived_id(order_id, "credits_released"), "credits_released", [leg], ref)
    await reversals.repay(session, client_id, held.currency, order_id, ref)


async def retake(session: Session, order_id: UUID, client_id: UUID, amount: Money) -> None:
    """Late payment: spends again what had gone back (rule 5). Needs the order's lock; raises CreditsGone."""
    if not amount:
        return
    await Wallets(session).lock(client_id)
    grants = await Grants(session).spendable(client_id)
    try:
        _take(session, order_id, client_id, amount, grants, UseState.CAPTURED)
    except NotEnoughCredits:
        raise CreditsGone from None
    leg = Leg(client_credits(client_id, amount.currency), order_escrow(amount.currency), amount.amount)
    await post(session, derived_id(order_id, "credits_retaken"), "credits_retaken", [leg], {"order_id": order_id})
    await _entry(session, order_id, client_id, EntryKind.SPENT, _minus(amount))


async def restore(session: Session, order_id: UUID, refund_id: UUID, amount: int) -> None:
    """Gives `amount` minor units of an order's spent credits back to the grants they came from, with their expiry.

    The last spent comes back first. The same refund again is a no-op. The caller holds the order's lock, has checked
    what is left of the tender, and posts the ledger entry that ends in client_credits.
    """
    uses = await Uses(session).of_order(order_id, UseState.CAPTURED) if amount else []
    if not uses:
        return
    await Wallets(session).lock(uses[0].user_id)
    entry = CreditEntry(
        id=derived_id(refund_id, "credits"),
        user_id=uses[0].user_id,
        currency=uses[0].currency,
        kind=EntryKind.REFUNDED,
        amount=amount,
        order_id=order_id,
        created_at=session.now(),
    )
    if await Entries(session).add(entry):
        await _put_back(session, uses, amount)


async def _put_back(session: Session, uses: Sequence[CreditUse], amount: int) -> None:
    by_id = {use.id: use for use in uses}
    grants = await Grants(session).get_all([use.grant_id for use in uses])
    for use_id, part in distribute_refund([(use.id, use.amount - use.restored) for use in uses], amount):
        by_id[use_id].restored += part
        grants[by_id[use_id].grant_id].remaining += part


async def purchased(session: Session, order_id: UUID, client_id: UUID, amount: Money) -> None:
    """A paid purchase becomes a grant that never expires, and repays debt first. Once per order."""
    await grant(session, derived_id(order_id, "grant"), client_id, amount, GrantSource.PURCHASE, order_id)
    await _entry(session, order_id, client_id, EntryKind.PURCHASED, amount)
    bought = client_credits(client_id, amount.currency)
    leg, ref = Leg(stripe_clearing(amount.currency), bought, amount.amount), {"order_id": order_id}
    await post(session, derived_id(order_id, "paid"), "order_paid", [leg], ref)
    await reversals.repay(session, client_id, amount.currency, order_id, ref)


async def grant(
    session: Session,
    grant_id: UUID,
    user_id: UUID,
    amount: Money,
    source: GrantSource,
    order_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> CreditGrant:
    """Adds credits of one origin to a client; neither the history nor the ledger is written here."""
    await Wallets(session).lock(user_id)
    made = CreditGrant(
        id=grant_id,
        user_id=user_id,
        currency=amount.currency,
        source=source,
        amount=amount.amount,
        remaining=amount.amount,
        priority=PRIORITY[source],
        expires_at=expires_at,
        order_id=order_id,
        created_at=session.now(),
    )
    session.add(made)
    return made


async def expire(session: Session, user_id: UUID) -> int:
    """Takes what is left on the client's expired grants and posts it; returns how many grants."""
    await Wallets(session).lock(user_id)
    return await _lose(session, user_id, await Grants(session).expired(user_id), "credits_expired")


async def forfeit(session: Session, user_id: UUID) -> int:
    """Takes all that the client could still spend, which they gave up, and posts it; returns how many grants."""
    await Wallets(session).lock(user_id)
    spendable = await Grants(session).spendable(user_id)
    return await _lose(session, user_id, list(spendable.values()), "credits_forfeited")


async def _lose(session: Session, user_id: UUID, lost_grants: Sequence[CreditGrant], reason: str) -> int:
    for old in lost_grants:
        lost, old.remaining, entry_id = old.remaining, 0, new_id()
        leg = Leg(client_credits(user_id, old.currency), credits_expired(old.currency), lost)
        await post(session, entry_id, reason, [leg], {"grant_id": str(old.id)})
        await Entries(session).add(_line(session, entry_id, user_id, Money(-lost, old.currency), EntryKind.EXPIRED))
    return len(lost_grants)


async def transfer(session: Session, transfer_id: UUID, from_id: UUID, to_id: UUID, amount: Money) -> None:
    """Moves credits to another client, grant by grant: each part keeps its expiry and its priority.

    Raises InsufficientCredits. The same transfer again is a no-op.
    """
    await Wallets(session).lock(from_id, to_id)
    paid = _line(session, derived_id(transfer_id, "out"), from_id, _minus(amount))
    if not await Entries(session).add(paid):
        return
    grants = await Grants(session).spendable(from_id)
    try:
        taken = take([as_spendable(grant) for grant in grants.values()], amount.amount)
    except NotEnoughCredits:
        raise InsufficientCredits(field="amount") from None
    for grant_id, part in taken:
        _move(session, grants[grant_id], part, to_id)
    received = _line(session, derived_id(transfer_id, "in"), to_id, amount, EntryKind.TRANSFERRED_IN)
    await Entries(session).add(received)
    leg = Leg(client_credits(from_id, amount.currency), client_credits(to_id, amount.currency), amount.amount)
    ref = {"from": str(from_id), "to": str(to_id)}
    await post(session, transfer_id, "credits_transferred", [leg], ref)
    await reversals.repay(session, to_id, amount.currency, transfer_id, ref)


def _move(session: Session, source: CreditGrant, amount: int, to_id: UUID) -> None:
    source.remaining -= amount
    session.add(
        CreditGrant(
            user_id=to_id,
            currency=source.currency,
            source=GrantSource.TRANSFER,
            amount=amount,
            remaining=amount,
            priority=source.priority,
            expires_at=source.expires_at,
            order_id=None,
            created_at=session.now(),
        )
    )


async def _entry(session: Session, order_id: UUID, client_id: UUID, kind: EntryKind, amount: Money) -> None:
    line = _line(session, derived_id(order_id, kind.value), client_id, amount, kind)
    line.order_id = order_id
    await Entries(session).add(line)


def _minus(amount: Money) -> Money:
    return Money(-amount.amount, amount.currency)


def _line(
    session: Session, line_id: UUID, user_id: UUID, amount: Money, kind: EntryKind = EntryKind.TRANSFERRED_OUT
) -> CreditEntry:
    return CreditEntry(
        id=line_id,
        user_id=user_id,
        currency=amount.currency,
        kind=kind,
        amount=amount.amount,
        order_id=None,
        created_at=session.now(),
    )
