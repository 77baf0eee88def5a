"""Tables of subscriptions and of their periods."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.plans.domain import Interval, PlanKind
from services.payments.subscriptions.domain import (
    ChangeStatus,
    EndReason,
    PeriodStatus,
    Step,
    SubscriptionStatus,
    boundary,
    step_of,
)
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money
from shared.work.attempts import Retried

ONE_OF = ("user_id", "kind", "stream_id")
"""Of these there is one subscription at a time, and one trial ever: one of a kind, but of each stream."""
LIVING, ON_TRIAL = "status <> 'ended'", "trial_until is not null"


class Subscription(Retried, Base):
    """What one user is billed for, again and again, at the terms of the moment when they subscribed or changed them
    (`plan`, `amount`).

    `practitioner_id`: who subscribed, or who sells the tier of a stream. Periods are counted from `anchor`, where the
    one after number `before_anchor` begins (below zero: would have begun, had all been as long as they are now);
    `number` is the last one that is paid, zero before the first. `paused_until`: at the end of what is paid it pauses,
    until then. `next_at` (business time) is when the job has to look at it next; what is tried again is that look.
    `refused_methods`: the cards that are not tried again for the unpaid bill. `cancel_at`: it ends then, and is not
    billed any more. `announced_at`: the last charge of which its user was reminded. `version` grows with each event.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("(status = 'ended') = (ended_at is not null)", "ended_at"),
        CheckConstraint("(status = 'ended') = (end_reason is not null)", "end_reason"),
        CheckConstraint("(status = 'ended') = (next_at is null)", "next_at"),
        CheckConstraint("(status = 'past_due') = (retry_at is not null)", "retry_at"),
        CheckConstraint("status <> 'paused' or paused_until is not null", "paused_until"),
        CheckConstraint("before_anchor <= number", "before_anchor"),
        CheckConstraint("(kind = 'stream_tier') = (stream_id is not null)", "stream_id"),
        Index(
            "uq_subscriptions_living",
            *ONE_OF,
            unique=True,
            postgresql_where=text(LIVING),
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "uq_subscriptions_trial",
            *ONE_OF,
            unique=True,
            postgresql_where=text(ON_TRIAL),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_subscriptions_next_at", "next_at", postgresql_where=text(LIVING)),
        Index("ix_subscriptions_user_id_created_at", "user_id", "created_at"),
        Index(
            "ix_subscriptions_practitioner_id",
            "practitioner_id",
            "access_until",
            postgresql_where=text("kind = 'platform'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[PlanKind] = mapped_column(enum_column(PlanKind))
    user_id: Mapped[UUID]
    practitioner_id: Mapped[UUID | None]
    stream_id: Mapped[UUID | None]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("payments.plans.id"))
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    interval: Mapped[Interval] = mapped_column(enum_column(Interval))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount >= 0", "amount"))
    status: Mapped[SubscriptionStatus] = mapped_column(enum_column(SubscriptionStatus))
    anchor: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    before_anchor: Mapped[int]
    number: Mapped[int]
    current_period_start: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    current_period_end: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    access_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    trial_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    cancel_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    paused_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    retry_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    refused_methods: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    end_reason: Mapped[EndReason | None] = mapped_column(enum_column(EndReason))
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    announced_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    next_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that the job has to look at some time."""
        return cls.status != SubscriptionStatus.ENDED

    def refuse(self, method_id: UUID) -> None:
        """That card is not tried again for the unpaid bill, unless its owner says so."""
        self.refused_methods = [*{*self.refused_methods, method_id}]

    @property
    def seller_id(self) -> UUID | None:
        """The practitioner who earns what it costs; None where the platform sells it."""
        return self.practitioner_id if self.kind is PlanKind.STREAM_TIER else None

    @property
    def price(self) -> Money:
        """What a period costs."""
        return Money(self.amount, self.currency)

    def end_of(self, number: int) -> datetime:
        """Where that period ends and the next one begins; of one after the anchor, or the last one before."""
        return boundary(self.anchor, number - self.before_anchor, self.interval)

    def step(self, now: datetime) -> Step:
        """What is due."""
        return step_of(self.status, self.next_at, self.cancel_at, self.paused_until, now)

    @property
    def paid_until(self) -> datetime | None:
        """The end of the period that is paid, or of the trial; None where neither runs."""
        ends = {
            SubscriptionStatus.ACTIVE: self.current_period_end,
            SubscriptionStatus.TRIALING: self.trial_until,
        }
        return ends.get(self.status)


class Period(Base):
    """One period that has begun, with its bill: there is one order for each, of an id that follows from both."""

    __tablename__ = "periods"
    __table_args__ = (
        UniqueConstraint("order_id"),
        CheckConstraint("start_at <= end_at", "end_at"),
        Index("uq_periods_open", "subscription_id", unique=True, postgresql_where=text("status = 'open'")),
    )

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("payments.subscriptions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(CheckConstraint("number > 0", "number"), primary_key=True)
    order_id: Mapped[UUID]
    start_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    end_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount >= 0", "amount"))
    status: Mapped[PeriodStatus] = mapped_column(enum_column(PeriodStatus))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @property
    def price(self) -> Money:
        """What it costs."""
        return Money(self.amount, self.currency)


class PlanChange(Base):
    """A change of a subscription to another plan or interval, asked for in period `number` at those terms.

    `at` is when they are in force: the moment by which they were prorated, where it is applied once its order is paid
    (without an order: at once), or the period's end. `before` is what a period had cost. Unpaid at `expires_at` it is
    dropped. One is pending at a time.
    """

    __tablename__ = "plan_changes"
    __table_args__ = (
        UniqueConstraint("order_id"),
        CheckConstraint("charge >= 0 and credit >= 0 and due between 0 and charge", "due"),
        CheckConstraint("(order_id is not null) = (expires_at is not null)", "expires_at"),
        Index("uq_plan_changes_pending", "subscription_id", unique=True, postgresql_where=text("status = 'pending'")),
        Index("ix_plan_changes_subscription_id", "subscription_id", "number"),
        Index(
            "ix_plan_changes_expires_at",
            "expires_at",
            postgresql_where=text("status = 'pending' and expires_at is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("payments.subscriptions.id"))
    number: Mapped[int]
    order_id: Mapped[UUID | None]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("payments.plans.id"))
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    interval: Mapped[Interval] = mapped_column(enum_column(Interval))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount >= 0", "amount"))
    before: Mapped[int] = mapped_column(BigInteger, CheckConstraint("before >= 0", "before"))
    at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    charge: Mapped[int] = mapped_column(BigInteger)
    credit: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[ChangeStatus] = mapped_column(enum_column(ChangeStatus))
    expires_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
