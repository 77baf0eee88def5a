"""What practitioners see of their earnings."""

from typing import Self
from uuid import UUID

from services.payments.earnings.domain import EarningStatus
from services.payments.earnings.models import Earning
from services.payments.ledger.domain import AccountKind
from services.payments.ledger.repository import Line
from services.payments.orders.domain import OrderKind
from shared.records.money import Money
from shared.web.http import UtcTime, View


class EarningView(View):
    """One entry. A reversed one shows what it was before refunds. `kind` is that of the order."""

    id: UUID
    kind: OrderKind
    booking_id: UUID | None
    order_id: UUID
    line_id: UUID
    milestone: str | None
    gross_amount: Money
    commission_rate: str
    commission_amount: Money
    tax_amount: Money
    net_amount: Money
    status: EarningStatus
    payout_id: UUID | None
    completed_at: UtcTime | None
    available_at: UtcTime | None
    created_at: UtcTime

    @classmethod
    def of(cls, earning: Earning) -> Self:
        """What stands of the entry, or what was reversed."""
        gone = earning.status is EarningStatus.REVERSED
        commission = earning.reversed_commission if gone else earning.commission
        net = earning.reversed_net if gone else earning.net
        return cls.showing(
            earning,
            milestone=None,
            tax_amount=Money.zero(earning.currency),
            gross_amount=Money(net + commission, earning.currency),
            commission_rate=f"{earning.commission_rate:.4f}",
            commission_amount=Money(commission, earning.currency),
            net_amount=Money(net, earning.currency),
        )


class EarningsSummary(View):
    """A practitioner's money by where it is. `available` is less repaid debt; `reversed` includes what became debt."""

    pending: Money
    held: Money
    available: Money
    in_payout: Money
    paid: Money
    reversed: Money
    debt: Money


class TransactionView(View):
    """One line of the practitioner's side of the ledger: `amount` went from one account to another."""

    id: UUID
    reason: str
    from_account: AccountKind
    to_account: AccountKind
    amount: Money
    order_id: UUID | None
    booking_id: UUID | None
    payout_id: UUID | None
    created_at: UtcTime

    @classmethod
    def of(cls, line: Line) -> Self:
        """The ledger's transfer with what it refers to."""
        return cls.showing(
            line,
            from_account=line.debit,
            to_account=line.credit,
            amount=Money(line.amount, line.currency),
            order_id=line.ref.get("order_id"),
            booking_id=line.ref.get("booking_id"),
            payout_id=line.ref.get("payout_id"),
            created_at=line.posted_at,
        )
