"""Tables of payouts and of the accounts that they go to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.payouts.domain import (
    AT_BANK_AT_MOST,
    FAILING_AT_MOST,
    BankState,
    PayoutSchedule,
    PayoutStatus,
    Step,
    next_step,
)
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money
from shared.work.attempts import Retried


class PayoutAccount(Retried, Base):
    """A practitioner's Stripe account, as far as we know it. `needs_details`: the bank sent money back since.

    `payouts_enabled`: transfers reach it, nothing is past due, and Stripe has disabled nothing. `bank` names the
    default bank account as Stripe had it last: id, fingerprint and status.

    `weekly_since` is when the weekly schedule was chosen, `batched_at` the last batch that looked at this practitioner;
    what is tried again is that look.
    """

    __tablename__ = "payout_accounts"
    __table_args__ = (
        Index(
            "ix_payout_accounts_weekly", text("batched_at nulls first"), postgresql_where=text("schedule = 'weekly'")
        ),
    )

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    stripe_account_id: Mapped[str | None] = mapped_column(unique=True)
    charges_enabled: Mapped[bool]
    payouts_enabled: Mapped[bool]
    needs_details: Mapped[bool]
    bank: Mapped[str | None]
    schedule: Mapped[PayoutSchedule] = mapped_column(enum_column(PayoutSchedule))
    weekly_since: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    batched_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those at which the last look of the batch failed."""
        return cls.next_try_at.is_not(None)


class Payout(Retried, Base):
    """Money on its way to a practitioner, minor units. `attempt` numbers the requests to Stripe.

    `failing_since`: the business time since which every try of the next step has failed.
    `at_bank_since`: the business time at which the bank payout was made, or staff last chose to go on waiting.
    `ending`: staff have ended it, so its money is fetched back; `reference` is staff's where they marked it paid.
    `approval_id` is the keyed operation that approved or ended it, so that its repeat goes on. A paid payout whose
    money came back is tried again too: `next_try_at` alone says whether there is anything to do.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint("status <> 'needs_attention' or last_error is not null", "last_error"),
        UniqueConstraint("practitioner_id", "batch_at"),
        Index("ix_payouts_next_try_at", "next_try_at", postgresql_where=text("next_try_at is not null")),
        Index("ix_payouts_practitioner_id_created_at", "practitioner_id", "created_at", "id"),
        Index("ix_payouts_status_created_at", "status", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID]
    user_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount > 0", "amount"))
    status: Mapped[PayoutStatus] = mapped_column(enum_column(PayoutStatus))
    batch_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    approval_id: Mapped[UUID | None]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    stripe_account_id: Mapped[str | None]
    attempt: Mapped[int]
    transfer_id: Mapped[str | None] = mapped_column(unique=True)
    bank_payout_id: Mapped[str | None] = mapped_column(unique=True)
    bank_state: Mapped[BankState | None] = mapped_column(enum_column(BankState, checked=False))
    reversal_id: Mapped[str | None]
    reason: Mapped[str | None]
    failing_since: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    at_bank_since: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    ending: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str | None]
    paid_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those of which something is to be done at Stripe, and those whose approval by itself has failed."""
        refused = (cls.status == PayoutStatus.ELIGIBLE) & cls.last_error.is_not(None)
        return cls.next_try_at.is_not(None) | refused

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)

    @property
    def shown_reason(self) -> str | None:
        """Why it was rejected, has failed, or needs attention, and before it is paid what it waits for."""
        if self.status is PayoutStatus.PROCESSING:
            return self.reason or self.last_error
        waits = self.status in (PayoutStatus.ELIGIBLE, PayoutStatus.NEEDS_ATTENTION)
        return self.last_error if waits else self.reason

    def failing_too_long(self, now: datetime) -> bool:
        """Whether its next step has failed for a day; `now` is business time."""
        return self.failing_since is not None and now - self.failing_since >= FAILING_AT_MOST

    def too_long_at_bank(self, now: datetime) -> bool:
        """Whether a bank has had the money for longer than a payout takes; `now` is business time."""
        return self.at_bank_since is not None and now - self.at_bank_since >= AT_BANK_AT_MOST

    @property
    def step(self) -> Step:
        """What is to be done next at Stripe."""
        return next_step(
            transferred=self.transfer_id is not None,
            sent=self.bank_payout_id is not None,
            came_back=self.bank_state is not None and self.bank_state.came_back,
            ending=self.ending,
        )


class PayoutReduction(Base):
    """A part of the payout's transfer that a refund takes back, minor units; its payout becomes smaller by it.

    Open until `ended_at`; Stripe has made it where there is a `reversal_id`, else `reason` says why not.
    """

    __tablename__ = "payout_reductions"
    __table_args__ = (
        CheckConstraint("reversal_id is null or ended_at is not null", "reversal"),
        UniqueConstraint("refund_id", "payout_id"),
        Index("ix_payout_reductions_payout_id", "payout_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payments.payouts.id"))
    refund_id: Mapped[UUID] = mapped_column(ForeignKey("payments.refunds.id"))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount > 0", "amount"))
    reversal_id: Mapped[str | None] = mapped_column(unique=True)
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
