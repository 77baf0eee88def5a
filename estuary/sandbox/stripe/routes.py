"""Every call of the API, and which of them a browser may make with the publishable key."""

from collections.abc import Awaitable, Callable

from estuary.sandbox.stripe import (
    accounts,
    balance,
    charges,
    customers,
    disputes,
    events,
    intents,
    methods,
    payouts,
    refunds,
    saved,
    setups,
    transfers,
)
from estuary.sandbox.stripe.call_faults import name_of
from estuary.sandbox.stripe.calls import Answer, Call
from estuary.sandbox.stripe.work import Object, Work

Handler = Callable[[Work, Call], Awaitable[Object | Answer]]


def route_of(path: str) -> tuple[str, str, str]:
    """`payment_intents/pi_1/confirm` as `payment_intents/*/confirm`, the id, and a second one."""
    parts = path.split("/")
    identifier, sub_id, *_ = [*parts[1::2], "", ""]
    parts[1::2] = ["*"] * len(parts[1::2])
    return "/".join(parts), identifier, sub_id


FOR_BROWSERS = frozenset(
    {
        ("GET", "payment_intents/*"),
        ("POST", "payment_intents/*/confirm"),
        ("POST", "payment_methods"),
        ("GET", "setup_intents/*"),
        ("POST", "setup_intents/*/confirm"),
    }
)
ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "account"): accounts.retrieve_own,
    ("GET", "accounts"): accounts.list_accounts,
    ("POST", "accounts"): accounts.create,
    ("GET", "accounts/*"): accounts.retrieve,
    ("POST", "accounts/*"): accounts.update,
    ("POST", "account_links"): accounts.create_link,
    ("GET", "balance"): balance.retrieve,
    ("GET", "balance_transactions"): balance.list_transactions,
    ("GET", "balance_transactions/*"): balance.retrieve_transaction,
    ("GET", "charges"): charges.list_charges,
    ("GET", "charges/*"): charges.retrieve,
    ("GET", "customers"): customers.list_customers,
    ("POST", "customers"): customers.create,
    ("GET", "customers/*"): customers.retrieve,
    ("POST", "customers/*"): customers.update,
    ("DELETE", "customers/*"): customers.delete,
    ("GET", "customers/*/payment_methods"): saved.list_of_customer,
    ("GET", "customers/*/payment_methods/*"): saved.retrieve_of_customer,
    ("GET", "disputes"): disputes.list_disputes,
    ("GET", "disputes/*"): disputes.retrieve,
    ("POST", "disputes/*"): disputes.update,
    ("POST", "disputes/*/close"): disputes.close,
    ("GET", "events"): events.list_events,
    ("GET", "events/*"): events.retrieve,
    ("GET", "payment_intents"): intents.list_intents,
    ("POST", "payment_intents"): intents.create,
    ("GET", "payment_intents/*"): intents.retrieve,
    ("POST", "payment_intents/*"): intents.update,
    ("POST", "payment_intents/*/confirm"): intents.confirm,
    ("POST", "payment_intents/*/capture"): intents.capture,
    ("POST", "payment_intents/*/cancel"): intents.cancel,
    ("GET", "payment_methods"): saved.list_methods,
    ("POST", "payment_methods"): methods.create,
    ("GET", "payment_methods/*"): methods.retrieve,
    ("POST", "payment_methods/*"): saved.update,
    ("POST", "payment_methods/*/attach"): customers.attach,
    ("POST", "payment_methods/*/detach"): customers.detach,
    ("GET", "payouts"): payouts.list_payouts,
    ("POST", "payouts"): payouts.create,
    ("GET", "payouts/*"): payouts.retrieve,
    ("POST", "payouts/*/cancel"): payouts.cancel,
    ("GET", "refunds"): refunds.list_refunds,
    ("POST", "refunds"): refunds.create,
    ("GET", "refunds/*"): refunds.retrieve,
    ("POST", "refunds/*"): refunds.update,
    ("GET", "setup_intents"): setups.list_setups,
    ("POST", "setup_intents"): setups.create,
    ("GET", "setup_intents/*"): setups.retrieve,
    ("POST", "setup_intents/*"): setups.update,
    ("POST", "setup_intents/*/confirm"): setups.confirm,
    ("POST", "setup_intents/*/cancel"): setups.cancel,
    ("GET", "transfers"): transfers.list_transfers,
    ("POST", "transfers"): transfers.create,
    ("GET", "transfers/*"): transfers.retrieve,
    ("POST", "transfers/*"): transfers.update,
    ("GET", "transfers/*/reversals"): transfers.list_reversals,
    ("POST", "transfers/*/reversals"): transfers.reverse,
    ("GET", "transfers/*/reversals/*"): transfers.retrieve_reversal,
}
CALLS = frozenset(name_of(method, route) for method, route in ROUTES)
