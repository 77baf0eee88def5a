"""Bodies and answers of credits."""

from uuid import UUID

from services.payments.credits.domain import EntryKind
from services.payments.credits.models import CreditEntry
from services.payments.credits.repository import Funds
from shared.records.money import Money, PositiveMoney
from shared.web.http import Body, UtcTime, View


class Balance(View):
    """`balance` can be spent now; `held` is set aside for open orders and not part of it."""

    balance: Money
    held: Money

    @classmethod
    def of(cls, funds: Funds, currency: str) -> "Balance":
        """The funds in the install's currency."""
        return cls(balance=Money(funds.balance, currency), held=Money(funds.held, currency))


class Transfer(Body):
    """Credits for another user; they keep their expiry."""

    recipient_id: UUID
    amount: PositiveMoney


class Entry(View):
    """A line of the history; the amount is negative where credits went away."""

    id: UUID
    kind: EntryKind
    amount: Money
    order_id: UUID | None
    created_at: UtcTime

    @classmethod
    def of(cls, entry: CreditEntry) -> "Entry":
        """The line."""
        return cls.showing(entry, amount=Money(entry.amount, entry.currency))
