"""Tables of earnings, and the row that changes to one practitioner's money queue on."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.earnings.domain import EarningStatus, Entry
from services.payments.orders.domain import OrderKind
from shared.database.session import TIMESTAMPTZ, enum_column


class PractitionerLock(Base):
    """One row per practitioner who earned: locked by whoever changes their available money or their payouts."""

    __tablename__ = "practitioner_locks"

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Earning(Base):
    """One entry of what a release of an order's line earned, in minor units; payouts split it into parts.

    `part` 0 is the first. `kind` is the order's.
    `commission` and `net` stand; `reversed_*` is what refunds took off before it was paid. The meaning of `repaid`,
    `owed` and `owed_commission` is at `domain.Entry`.
    """

    __tablename__ = "earnings"
    __table_args__ = (
        CheckConstraint("status <> 'reversed' or ((net + commission) = 0)", "reversed"),
        CheckConstraint("(payout_id is not null) = (status in ('in_payout', 'paid'))", "payout"),
        CheckConstraint(
            "reversed_commission >= 0 and reversed_net >= 0 and (repaid between 0 and net)"
            " and (owed between 0 and net) and (owed_commission between 0 and commission)",
            "amounts",
        ),
        UniqueConstraint("line_id", "release", "part"),
        Index("ix_earnings_booking_id", "booking_id"),
        Index("ix_earnings_due", "available_at", postgresql_where=text("status = 'pending'")),
        Index(
            "ix_earnings_payable",
            "practitioner_id",
            "available_at",
            "id",
            postgresql_where=text("status = 'available' and net > repaid"),
        ),
        Index("ix_earnings_payout_id", "payout_id", postgresql_where=text("payout_id is not null")),
        Index("ix_earnings_practitioner_id_created_at", "practitioner_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("payments.orders.id"))
    line_id: Mapped[UUID] = mapped_column(ForeignKey("payments.order_lines.id"))
    release: Mapped[int]
    part: Mapped[int]
    kind: Mapped[OrderKind] = mapped_column(enum_column(OrderKind, checked=False))
    booking_id: Mapped[UUID | None]
    practitioner_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(String(3))
    commission_rate: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    commission: Mapped[int] = mapped_column(BigInteger)
    net: Mapped[int] = mapped_column(BigInteger)
    reversed_commission: Mapped[int] = mapped_column(BigInteger)
    reversed_net: Mapped[int] = mapped_column(BigInteger)
    repaid: Mapped[int] = mapped_column(BigInteger)
    owed: Mapped[int] = mapped_column(BigInteger)
    owed_commission: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[EarningStatus] = mapped_column(enum_column(EarningStatus))
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey("payments.payouts.id"))
    completed_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    available_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @property
    def entry(self) -> Entry:
        """The amounts, as the rules see them."""
        return Entry(self.status, self.commission, self.net, self.repaid, self.owed, self.owed_commission)

    def set_amounts(self, entry: Entry) -> None:
        """Takes over amounts that a rule has computed; the status is not part of it."""
        self.commission, self.net, self.repaid = entry.commission, entry.net, entry.repaid
        self.owed, self.owed_commission = entry.owed, entry.owed_commission
