"""The chart of accounts, and what a leg of a posting is. A balance is credits minus debits."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

NAMESPACE = UUID("6f0c1d52-4a0e-5b57-9d0f-3d2d8d3f9a11")


class AccountKind(StrEnum):
    """What an account holds. Assets (the two clearings, client_debt, seller_debt) and costs (promotion_costs) have
    balances of zero or below."""

    STRIPE_CLEARING = "stripe_clearing"
    CONNECTED_CLEARING = "connected_clearing"
    CLIENT_CREDITS = "client_credits"
    CLIENT_DEBT = "client_debt"
    CREDITS_HELD = "credits_held"
    CREDITS_EXPIRED = "credits_expired"
    ORDER_ESCROW = "order_escrow"
    SELLER_PENDING = "seller_pending"
    SELLER_AVAILABLE = "seller_available"
    SELLER_IN_PAYOUT = "seller_in_payout"
    SELLER_DEBT = "seller_debt"
    PLATFORM_REVENUE = "platform_revenue"
    SUBSCRIPTION_REVENUE = "subscription_revenue"
    PROMOTION_COSTS = "promotion_costs"
    PROCESSOR_FEES = "processor_fees"
    REFUNDS_OWED = "refunds_owed"
    PAID_OUTSIDE = "paid_outside"


LIVE = frozenset({AccountKind.CLIENT_CREDITS, AccountKind.CREDITS_HELD, AccountKind.SELLER_AVAILABLE})
"""Kinds whose balance is kept in a row, by which it can never go below zero."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account in one currency; `owner` is None for the platform's own."""

    kind: AccountKind
    currency: str
    owner: UUID | None = None

    @property
    def id(self) -> UUID:
        """The same for the same kind, owner and currency, for ever."""
        return uuid5(NAMESPACE, f"{self.kind.value}/{self.owner or ''}/{self.currency}")

    @property
    def live(self) -> bool:
        """Whether it may never go below zero."""
        return self.kind in LIVE


@dataclass(frozen=True, slots=True)
class Leg:
    """One transfer: `amount` minor units leave `debit` and arrive at `credit`."""

    debit: Account
    credit: Account
    amount: int

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a leg's amount cannot be negative: swap its accounts")
        if self.debit == self.credit or self.debit.currency != self.credit.currency:
            raise ValueError("a leg joins two accounts of one currency")


def signed(debit: Account, credit: Account, amount: int) -> Leg:
    """The leg of that amount; below zero it goes the other way."""
    return Leg(debit, credit, amount) if amount >= 0 else Leg(credit, debit, -amount)


def numbered(legs: Sequence[Leg]) -> list[tuple[int, Leg]]:
    """The legs that move something, each with its place in the posting, which stays the same without the others."""
    return [(number, leg) for number, leg in enumerate(legs) if leg.amount]


def stripe_clearing(currency: str) -> Account:
    """Money at Stripe, in the platform's own balance."""
    return Account(AccountKind.STRIPE_CLEARING, currency)


def connected_clearing(currency: str) -> Account:
    """Money at Stripe, transferred to a practitioner's account and not yet sent to their bank."""
    return Account(AccountKind.CONNECTED_CLEARING, currency)


def client_credits(user_id: UUID, currency: str) -> Account:
    """What a client can spend now."""
    return Account(AccountKind.CLIENT_CREDITS, currency, user_id)


def client_debt(user_id: UUID, currency: str) -> Account:
    """What a client owes: bought credits that were spent, and went back to the card. Its balance is zero or below."""
    return Account(AccountKind.CLIENT_DEBT, currency, user_id)


def credits_held(user_id: UUID, currency: str) -> Account:
    """Credits set aside for orders that are open."""
    return Account(AccountKind.CREDITS_HELD, currency, user_id)


def credits_expired(currency: str) -> Account:
    """Credits that nobody used in time."""
    return Account(AccountKind.CREDITS_EXPIRED, currency)


def order_escrow(currency: str) -> Account:
    """Money of paid orders that is neither earned nor refunded yet."""
    return Account(AccountKind.ORDER_ESCROW, currency)


def seller_pending(practitioner_id: UUID, currency: str) -> Account:
    """Earned, inside the hold period."""
    return Account(AccountKind.SELLER_PENDING, currency, practitioner_id)


def seller_available(practitioner_id: UUID, currency: str) -> Account:
    """Earned, and ready to be paid out."""
    return Account(AccountKind.SELLER_AVAILABLE, currency, practitioner_id)


def seller_in_payout(practitioner_id: UUID, currency: str) -> Account:
    """Reserved by payouts that are not at the bank yet."""
    return Account(AccountKind.SELLER_IN_PAYOUT, currency, practitioner_id)


def seller_debt(practitioner_id: UUID, currency: str) -> Account:
    """What a practitioner owes: refunded to a client after it had been paid out. Its balance is zero or below."""
    return Account(AccountKind.SELLER_DEBT, currency, practitioner_id)


def platform_revenue(currency: str) -> Account:
    """Commission and fees."""
    return Account(AccountKind.PLATFORM_REVENUE, currency)


def revenue_of(kind: str, currency: str) -> Account:
    """Where the money of what the platform itself sells goes, by the kind of the order."""
    if kind == "subscription":
        return Account(AccountKind.SUBSCRIPTION_REVENUE, currency)
    return platform_revenue(currency)


def promotion_costs(currency: str) -> Account:
    """What the platform pays of prices, and gives away. Its balance is zero or below."""
    return Account(AccountKind.PROMOTION_COSTS, currency)


def processor_fees(currency: str) -> Account:
    """What Stripe charges; the platform bears it."""
    return Account(AccountKind.PROCESSOR_FEES, currency)


def refunds_owed(user_id: UUID, currency: str) -> Account:
    """What a client is owed: refunds to a card that came back to us."""
    return Account(AccountKind.REFUNDS_OWED, currency, user_id)


def paid_outside(currency: str) -> Account:
    """What practitioners were paid in another way than through Stripe, and Stripe therefore still holds for us."""
    return Account(AccountKind.PAID_OUTSIDE, currency)


def seller_accounts(practitioner_id: UUID, currency: str) -> tuple[Account, ...]:
    """The four accounts that make up a practitioner's side."""
    makers = (seller_pending, seller_available, seller_in_payout, seller_debt)
    return tuple(make(practitioner_id, currency) for make in makers)
