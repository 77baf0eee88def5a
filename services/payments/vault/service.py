"""Use cases of saved cards: keep, choose the default, remove, follow what Stripe says of them."""

from collections.abc import Sequence
from uuid import UUID

from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.domain import StripeCard
from services.payments.vault.card_users import CardUser
from services.payments.vault.errors import MethodInUse
from services.payments.vault.models import PaymentMethod
from services.payments.vault.repository import Customers, Detachments, PaymentMethods
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import NotFound


async def keep(session: Session, users: Sequence[CardUser], user_id: UUID, card: StripeCard) -> PaymentMethod | None:
    """Saves a card that Stripe has attached to the user's customer; the first is the default, the same keeps its id.

    None where the card was removed before this was heard of, or the user is erased.
    """
    method = await keep_quietly(session, user_id, card)
    if method is not None:
        await offer(session, users, method)
    return method


async def keep_quietly(session: Session, user_id: UUID, card: StripeCard) -> PaymentMethod | None:
    """The same, and nothing that is overdue is tried with it."""
    customer = await Customers(session).lock(user_id)
    if customer is None or customer.leaving or await Detachments(session).has(card.id):
        return None
    mine = await PaymentMethods(session).of(user_id)
    method = _same(mine, card)
    if method is None:
        has_default = any(one.is_default for one in mine)
        method = PaymentMethod(user_id=user_id, is_default=not has_default, created_at=session.now())
        session.add(method)
    elif method.stripe_id != card.id:
        await Detachments(session).add(method.stripe_id, user_id)
    await _become(session, method, card, mine)
    return method


def _same(mine: Sequence[PaymentMethod], card: StripeCard) -> PaymentMethod | None:
    """Which of the user's cards it is: the one with Stripe's object, else the one with the number."""
    of_object = (one for one in mine if one.stripe_id == card.id)
    of_number = (one for one in mine if one.fingerprint == card.fingerprint)
    return next(of_object, None) or next(of_number, None)


async def _become(session: Session, method: PaymentMethod, card: StripeCard, mine: Sequence[PaymentMethod]) -> None:
    """The card has these details from here on; another one of the user's that has the same number is this one."""
    for twin in mine:
        if twin is not method and twin.fingerprint == card.fingerprint:
            await _forget(session, twin, [method, *(one for one in mine if one not in (twin, method))])
    _note(method, card)
    await session.flush()


def _note(method: PaymentMethod, card: StripeCard) -> None:
    method.stripe_id, method.fingerprint = card.id, card.fingerprint
    method.brand, method.last4 = card.brand, card.last4
    method.exp_month, method.exp_year = card.exp_month, card.exp_year


async def offer(session: Session, users: Sequence[CardUser], method: PaymentMethod) -> None:
    """What is overdue of the user's is tried with this card, which they saved or chose."""
    for user in users:
        await user.card_offered(session, method.user_id, method.id)


async def make_default(session: Session, users: Sequence[CardUser], caller: Caller, method_id: UUID) -> PaymentMethod:
    """From here on what recurs is charged to this card; what is overdue is tried with it. NotFound for a stranger's."""
    chosen, others = await _chosen(session, caller.user_id, method_id)
    if not chosen.is_default:
        await _default(session, chosen, others)
    await offer(session, users, chosen)
    return chosen


async def remove(session: Session, users: Sequence[CardUser], caller: Caller, method_id: UUID) -> None:
    """Forgets the card, here now and at Stripe by a job. Where it was the default, the newest valid one is.

    Raises NotFound for a stranger's, MethodInUse for the last valid one while something is to be charged to one.
    """
    chosen, others = await _chosen(session, caller.user_id, method_id)
    if chosen.is_valid(session.now()) and not any(one.is_valid(session.now()) for one in others):
        for user in users:
            if await user.needs_card(session, caller.user_id):
                raise MethodInUse
    await _forget(session, chosen, others)


async def _chosen(session: Session, user_id: UUID, method_id: UUID) -> tuple[PaymentMethod, Sequence[PaymentMethod]]:
    """The user's card of that id, and the others; the customer is locked."""
    await Customers(session).lock(user_id)
    mine = await PaymentMethods(session).of(user_id)
    chosen = next((one for one in mine if one.id == method_id), None)
    if chosen is None:
        raise NotFound
    return chosen, [one for one in mine if one is not chosen]


async def _forget(session: Session, method: PaymentMethod, others: Sequence[PaymentMethod]) -> None:
    await Detachments(session).add(method.stripe_id, method.user_id)
    await session.delete(method)
    await session.flush()
    if method.is_default and others:
        valid = [one for one in others if one.is_valid(session.now())]
        await _default(session, (valid or others)[0], others)


async def _default(session: Session, chosen: PaymentMethod, others: Sequence[PaymentMethod]) -> None:
    """Two flushes: the index allows one default at any moment."""
    for other in others:
        other.is_default = False
    await session.flush()
    chosen.is_default = True
    await session.flush()


async def sync_card(runtime: PaymentsRuntime, stripe_id: str) -> None:
    """A hint came that the card changed: its bank sent new details, or somebody took it off the customer at Stripe."""
    async with runtime.db.read() as session:
        user_id = await PaymentMethods(session).owner_of(stripe_id)
    if user_id is None:
        return
    card = await runtime.stripe.retrieve_card(stripe_id)
    async with runtime.db.transaction() as session:
        await _apply(session, runtime.card_users, user_id, stripe_id, card)


async def _apply(
    session: Session, users: Sequence[CardUser], user_id: UUID, stripe_id: str, card: StripeCard | None
) -> None:
    """With another number or date the card is as good as a new one: what is overdue is tried with it."""
    await Customers(session).lock(user_id)
    mine = await PaymentMethods(session).of(user_id)
    method = next((one for one in mine if one.stripe_id == stripe_id), None)
    if method is None:
        return
    others = [one for one in mine if one is not method]
    if card is None or card.customer_id is None:
        await _forget(session, method, others)
        return
    before = (method.fingerprint, method.exp_year, method.exp_month)
    await _become(session, method, card, mine)
    if before != (card.fingerprint, card.exp_year, card.exp_month):
        await offer(session, users, method)
