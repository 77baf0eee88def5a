"""Metrics of payments: what the ledger says moved, in minor units."""

from collections.abc import Iterable

from prometheus_client import Counter

from services.payments.ledger.domain import AccountKind, Leg

MOVED = Counter(
    "estuary_payments_moved_minor_units", "Money posted in the ledger, by what it means", ["what", "currency"]
)
MEANINGS = {
    (AccountKind.STRIPE_CLEARING, AccountKind.ORDER_ESCROW): "charged",
    (AccountKind.STRIPE_CLEARING, AccountKind.CLIENT_CREDITS): "charged",
    (AccountKind.ORDER_ESCROW, AccountKind.STRIPE_CLEARING): "refunded",
    (AccountKind.CLIENT_CREDITS, AccountKind.STRIPE_CLEARING): "refunded",
    (AccountKind.CLIENT_DEBT, AccountKind.STRIPE_CLEARING): "refunded",
    (AccountKind.ORDER_ESCROW, AccountKind.CLIENT_CREDITS): "credits_refunded",
    (AccountKind.CREDITS_HELD, AccountKind.ORDER_ESCROW): "credits_spent",
    (AccountKind.CLIENT_CREDITS, AccountKind.ORDER_ESCROW): "credits_spent",
    (AccountKind.ORDER_ESCROW, AccountKind.PLATFORM_REVENUE): "commission",
    (AccountKind.ORDER_ESCROW, AccountKind.SUBSCRIPTION_REVENUE): "subscriptions",
    (AccountKind.PROMOTION_COSTS, AccountKind.ORDER_ESCROW): "paid_by_platform",
    (AccountKind.ORDER_ESCROW, AccountKind.PROMOTION_COSTS): "returned_to_platform",
    (AccountKind.PROMOTION_COSTS, AccountKind.CLIENT_CREDITS): "credits_given",
    (AccountKind.SELLER_IN_PAYOUT, AccountKind.CONNECTED_CLEARING): "paid_out",
    (AccountKind.SELLER_IN_PAYOUT, AccountKind.PAID_OUTSIDE): "paid_out",
}


def count(legs: Iterable[Leg]) -> None:
    """Counts the legs of a posting that is committed."""
    for leg in legs:
        what = MEANINGS.get((leg.debit.kind, leg.credit.kind))
        if what is not None:
            MOVED.labels(what, leg.debit.currency).inc(leg.amount)
