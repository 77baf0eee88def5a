"""Use cases of payout accounts: Stripe knows whether an account may be paid out, we keep what it said last."""

from functools import partial
from uuid import UUID

from services.payments.earnings.service import own_practitioner_id
from services.payments.install.service import demand_own_platform, keep_platform
from services.payments.payouts.domain import PayoutSchedule
from services.payments.payouts.errors import NoPayoutAccount, PayoutsNotEnabled
from services.payments.payouts.models import PayoutAccount
from services.payments.payouts.repository import PayoutAccounts
from services.payments.payouts.schemas import AccountView
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.errors import StripeRefused
from services.payments.stripe.objects import StripeAccount
from services.payments.stripe.requests import ACCOUNT_GONE, with_another_key
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session


async def open_account(
    runtime: PaymentsRuntime, caller: Caller, schedule: PayoutSchedule | None, once: IdempotentOperation
) -> AccountView:
    """Creates what is missing, here and at Stripe, and sets the schedule; else the same account as it is now."""
    practitioner_id = own_practitioner_id(caller)
    async with runtime.db.transaction() as session:
        await once.start(session)
        account = await PayoutAccounts(session).ensure(practitioner_id, caller.user_id)
        _choose(session, account, schedule)
    if account.stripe_account_id is None:
        seen = await _created(runtime, practitioner_id)
    else:
        seen = await runtime.stripe.retrieve_account(account.stripe_account_id)
    link = await runtime.stripe.account_link(seen.id)
    async with runtime.db.transaction() as session:
        account = await PayoutAccounts(session).ensure(practitioner_id, caller.user_id)
        _note(account, seen)
        view = AccountView.of(account, link)
        await once.done(session, 200, view)
    return view


async def _created(runtime: PaymentsRuntime, practitioner_id: UUID) -> StripeAccount:
    """Of an account too many nobody ever hears."""
    await keep_platform(runtime)
    return await with_another_key(partial(runtime.stripe.create_account, practitioner_id))


async def show_account(runtime: PaymentsRuntime, caller: Caller) -> AccountView:
    """The account as Stripe has it now, with a fresh link to its onboarding; raises NoPayoutAccount."""
    async with runtime.db.read() as session:
        account = await PayoutAccounts(session).find(own_practitioner_id(caller))
    if account is None or account.stripe_account_id is None:
        raise NoPayoutAccount
    account = await refresh(runtime, account.stripe_account_id) or account
    return AccountView.of(account, await runtime.stripe.account_link(account.stripe_account_id or ""))


async def refresh(runtime: PaymentsRuntime, stripe_account_id: str) -> PayoutAccount | None:
    """Asks Stripe and keeps the answer; None for a stranger's account. Another bank account ends `needs_details`.

    One that was closed, or has taken back our access, cannot be paid out.
    """
    async with runtime.db.read() as session:
        if await PayoutAccounts(session).find_by_stripe(stripe_account_id) is None:
            return None
    seen = await _seen(runtime, stripe_account_id)
    async with runtime.db.transaction() as session:
        account = await PayoutAccounts(session).find_by_stripe(stripe_account_id, lock=True)
        if account is not None and seen is None:
            account.charges_enabled = account.payouts_enabled = False
        elif account is not None and seen is not None:
            _note(account, seen)
    return account


async def _seen(runtime: PaymentsRuntime, stripe_account_id: str) -> StripeAccount | None:
    """The account as Stripe shows it now; None where it is gone. A wrong key of ours is StripeUnavailable."""
    try:
        seen = await runtime.stripe.retrieve_account(stripe_account_id)
    except StripeRefused as refused:
        if refused.reason != ACCOUNT_GONE:
            raise
        await demand_own_platform(runtime)
        return None
    await keep_platform(runtime)
    return seen


async def demand_enabled(runtime: PaymentsRuntime, practitioner_id: UUID) -> None:
    """Raises PayoutsNotEnabled unless Stripe, asked now, lets the account be paid out."""
    async with runtime.db.read() as session:
        account = await PayoutAccounts(session).find(practitioner_id)
    if account is not None and account.stripe_account_id is not None:
        account = await _seen_now(runtime, account, account.stripe_account_id)
    if account is None or not account.payouts_enabled:
        raise PayoutsNotEnabled


async def _seen_now(runtime: PaymentsRuntime, stored: PayoutAccount, stripe_account_id: str) -> PayoutAccount | None:
    try:
        return await refresh(runtime, stripe_account_id)
    except StripeRefused:
        # Stripe does not show the account: what was stored decides, and then the transfer itself.
        return stored


def _choose(session: Session, account: PayoutAccount, schedule: PayoutSchedule | None) -> None:
    if schedule is None or schedule is account.schedule:
        return
    account.schedule = schedule
    account.weekly_since = session.now() if schedule is PayoutSchedule.WEEKLY else None


def _note(account: PayoutAccount, seen: StripeAccount) -> None:
    account.stripe_account_id = seen.id
    account.charges_enabled, account.payouts_enabled = seen.charges_enabled, seen.payable
    if seen.bank is not None:
        another = account.bank is not None and account.bank != seen.bank.identity
        account.needs_details = account.needs_details and not (another and seen.bank.usable)
        account.bank = seen.bank.identity
