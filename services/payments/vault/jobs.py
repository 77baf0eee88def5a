"""What is left to be done at Stripe of customers, setups and cards that are gone."""

from functools import partial

from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.requests import with_another_key
from services.payments.vault import customers, setups
from services.payments.vault.models import Customer, Detachment, Setup
from services.payments.vault.repository import Detachments, Setups
from shared.concurrency.back_off import BackOff
from shared.work.attempts import claim, try_each
from shared.work.jobs import Job, Jobs
from shared.work.retention import Retention, retention_jobs

BATCH = 20
BACK_OFF = BackOff(5.0, 3600.0)
LOOKS = BackOff(60.0, 4 * 3600.0)


async def settle_customers(runtime: PaymentsRuntime) -> int:
    """Customers whose id was lost, and those of users who are erased."""
    async with runtime.db.autocommit() as session:
        claimed = await claim(session, Customer, BATCH, BACK_OFF)
    return await try_each(runtime.db, claimed, partial(customers.settle, runtime), BACK_OFF)


async def look_at_setups(runtime: PaymentsRuntime) -> int:
    """Asks Stripe for setups that may have ended without our hearing of it, ever more rarely."""
    async with runtime.db.autocommit() as session:
        claimed = await claim(session, Setup, BATCH, LOOKS)
    return await try_each(runtime.db, claimed, partial(setups.look, runtime), LOOKS)


async def detach_cards(runtime: PaymentsRuntime) -> int:
    """Takes cards that are gone off their customer at Stripe."""
    async with runtime.db.autocommit() as session:
        claimed = await claim(session, Detachment, BATCH, BACK_OFF)
    return await try_each(runtime.db, claimed, partial(_detach, runtime), BACK_OFF)


async def _detach(runtime: PaymentsRuntime, gone: Detachment) -> bool:
    await with_another_key(partial(runtime.stripe.detach_card, gone.stripe_id))
    async with runtime.db.autocommit() as session:
        await Detachments(session).done(gone.stripe_id)
    return True


async def forget_setups(runtime: PaymentsRuntime) -> int:
    """Setups that have ended."""
    async with runtime.db.autocommit() as session:
        return await Setups(session).forget(runtime.clock.now())


async def forget_detachments(runtime: PaymentsRuntime) -> int:
    """Cards that Stripe has taken off."""
    async with runtime.db.autocommit() as session:
        return await Detachments(session).forget(runtime.clock.now())


JOBS: Jobs = {
    "settle_customers": Job(settle_customers, every=5.0),
    "look_at_setups": Job(look_at_setups, every=30.0),
    "detach_cards": Job(detach_cards, every=5.0),
    **retention_jobs(
        Retention("setups", "30 days after they ended", forget_setups),
        Retention("detachments", "30 days after Stripe has detached the card", forget_detachments),
    ),
}
