"""Saving a card: a setup at Stripe, and what comes of it. What Stripe says of a setup enters by `apply_setup` alone."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.errors import BadPaymentMethod, StripeRefused
from services.payments.stripe.requests import with_another_key
from services.payments.stripe.setups import StripeSetup
from services.payments.vault.card_users import CardUser
from services.payments.vault.customers import with_customer
from services.payments.vault.domain import MOST_OPEN, SETUP_LIFE, TRANSITIONS, SetupStatus, status_of_setup
from services.payments.vault.metrics import SETUPS
from services.payments.vault.models import Setup
from services.payments.vault.repository import Customers, PaymentMethods, Setups
from services.payments.vault.schemas import MethodView, SetupView
from services.payments.vault.service import keep
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.repository import found
from shared.database.session import Session
from shared.errors import LimitReached
from shared.records.state import transition

TOO_MANY = "Several of your cards are waiting to be saved. Go on with one of them; a day later another can be begun."


async def save(
    runtime: PaymentsRuntime, caller: Caller, once: IdempotentOperation, payment_method: str | None
) -> SetupView:
    """Saves the card, or opens a setup for Stripe.js: noted, asked, applied. A declined card is an answer.

    Raises BadPaymentMethod, StripeRefused where no setup came of it, and LimitReached.
    """
    async with runtime.db.transaction() as session:
        await once.start(session)
        await Customers(session).ensure(caller.user_id)
        if await Setups(session).count_open(caller.user_id, besides=once.id) >= MOST_OPEN:
            raise LimitReached(TOO_MANY)
        setup = await Setups(session).add(once.id, caller.user_id, payment_method)
    try:
        made = await _asked(runtime, setup)
    except (StripeRefused, BadPaymentMethod):
        await _remove(runtime, setup.id)
        raise
    async with runtime.db.transaction() as session:
        setup = found(await apply_setup(session, runtime.card_users, made))
        view = await _view(session, runtime, setup, made)
        await once.done(session, 201, view)
    return view


async def _view(session: Session, runtime: PaymentsRuntime, setup: Setup, made: StripeSetup) -> SetupView:
    method = None if setup.method_id is None else await PaymentMethods(session).find(setup.method_id)
    shown = None if method is None else MethodView.of(method, session.now())
    return SetupView.of(setup, made, runtime.settings.stripe_publishable_key, shown)


async def _asked(runtime: PaymentsRuntime, setup: Setup) -> StripeSetup:
    """A setup too many saves the same card once."""
    if setup.stripe_setup_id is not None:
        return await runtime.stripe.retrieve_setup(setup.stripe_setup_id)

    async def create(customer_id: str) -> StripeSetup:
        return await with_another_key(partial(runtime.stripe.create_setup, setup.id, customer_id, setup.payment_method))

    return await with_customer(runtime, setup.user_id, create)


async def apply_setup(session: Session, users: Sequence[CardUser], made: StripeSetup) -> Setup | None:
    """Brings the setup to where this state of Stripe's puts it; None where it is none of ours, or its owner is erased.

    The card is saved once, with the move to `succeeded`, which is the last one.
    """
    setup = await _locked(session, made.setup_id)
    if setup is None or setup.status is SetupStatus.SUCCEEDED:
        return setup
    setup.stripe_setup_id = setup.stripe_setup_id or made.id
    setup.client_secret = setup.client_secret or made.client_secret
    to = status_of_setup(made.status, refused=made.failure is not None)
    if to is not setup.status:
        transition(setup, to, TRANSITIONS)
        SETUPS.labels(to.value).inc()
    if made.card is not None and to is SetupStatus.SUCCEEDED:
        method = await keep(session, users, setup.user_id, made.card)
        setup.method_id = None if method is None else method.id
    setup.last_error = None
    if made.status in ENDED:
        setup.succeeded()
    return setup


async def _locked(session: Session, setup_id: UUID | None) -> Setup | None:
    """The customer's lock comes first, as in everything that changes cards."""
    setup = None if setup_id is None else await Setups(session).find(setup_id)
    if setup is None:
        return None
    await Customers(session).lock(setup.user_id)
    return await Setups(session).find(setup.id, lock=True)


async def sync_setup(runtime: PaymentsRuntime, stripe_setup_id: str) -> None:
    """A hint came that this setup changed: fetches it and applies its present state (rule 7)."""
    made = await runtime.stripe.retrieve_setup(stripe_setup_id)
    async with runtime.db.transaction() as session:
        await apply_setup(session, runtime.card_users, made)


async def look(runtime: PaymentsRuntime, setup: Setup) -> bool:
    """Goes on with a setup of which nothing was heard lately; a day after it was made it is ended."""
    if runtime.clock.now() - setup.created_at >= SETUP_LIFE:
        return await _end(runtime, setup)
    async with runtime.db.read() as session:
        customer = await Customers(session).find(setup.user_id)
    if customer is None or customer.leaving:
        return False
    made = await _asked(runtime, setup)
    async with runtime.db.transaction() as session:
        await apply_setup(session, runtime.card_users, made)
    return True


async def _end(runtime: PaymentsRuntime, setup: Setup) -> bool:
    if setup.stripe_setup_id is None:
        return await _remove(runtime, setup.id)
    made = await with_another_key(partial(runtime.stripe.cancel_setup, setup.stripe_setup_id, setup.id))
    async with runtime.db.transaction() as session:
        await apply_setup(session, runtime.card_users, made)
    return True


async def _remove(runtime: PaymentsRuntime, setup_id: UUID) -> bool:
    async with runtime.db.autocommit() as session:
        await Setups(session).remove(setup_id)
    return True


ENDED = frozenset({"succeeded", "canceled"})
