"""What is chosen at the first start and stays: the currency, and the Stripe account."""

from services.payments.install.repository import Installs
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.errors import StripeRefused, StripeUnavailable
from shared.database.session import Database
from shared.observability.logs import logger
from shared.settings import SettingsError

log = logger()


async def keep_currency(db: Database, currency: str) -> None:
    """Stores the currency at the first start; raises SettingsError where it was another one then."""
    async with db.transaction() as session:
        first = await Installs(session).start(currency)
    if first != currency:
        raise SettingsError(f"ESTUARY_CURRENCY: this install trades in {first} since its first start, not {currency}")


async def keep_platform(runtime: PaymentsRuntime) -> None:
    """Stores which Stripe account the secret key belongs to, once: all ids that are stored here are of it."""
    async with runtime.db.read() as session:
        if await Installs(session).stripe_platform() is not None:
            return
    try:
        platform = await runtime.stripe.platform()
    except (StripeUnavailable, StripeRefused) as error:
        # A restricted key may not be allowed to ask.
        log.warning("stripe.platform_unknown", error=repr(error))
        return
    async with runtime.db.autocommit() as session:
        await Installs(session).keep_stripe_platform(platform)


async def is_own_platform(runtime: PaymentsRuntime) -> bool:
    """Whether the secret key is of the Stripe account that all here belongs to; False while Stripe does not say."""
    try:
        await demand_own_platform(runtime)
    except (StripeUnavailable, StripeRefused):
        return False
    return True


async def demand_own_platform(runtime: PaymentsRuntime) -> None:
    """Raises StripeUnavailable where the secret key is of another Stripe account than what is stored here.

    With such a key Stripe shows none of our accounts, which says nothing about them.
    """
    async with runtime.db.read() as session:
        known = await Installs(session).stripe_platform()
    if known is not None and (now := await runtime.stripe.platform()) != known:
        log.error("stripe.another_platform", known=known, now=now)
        raise StripeUnavailable
