"""Tables of plans and of their prices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.payments.base import Base
from services.payments.plans.domain import Interval, PlanKind
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money


class PlanPrice(Base):
    """What a plan costs for one interval; minor units of `currency`."""

    __tablename__ = "plan_prices"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("payments.plans.id"), primary_key=True)
    interval: Mapped[Interval] = mapped_column(enum_column(Interval), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount between 0 and 99999999", "amount"))

    @property
    def price(self) -> Money:
        """The amount in its currency."""
        return Money(self.amount, self.currency)


class Plan(Base):
    """What can be subscribed to. Who has subscribed keeps the terms of that moment: a change is for new ones.

    `level` ranks the plans of a kind, or of a stream, whose tiers `practitioner_id` sells; `version` grows with each
    change.
    """

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("(kind = 'stream_tier') = (stream_id is not null)", "stream_id"),
        CheckConstraint("(kind = 'stream_tier') = (practitioner_id is not null)", "practitioner_id"),
        Index("ix_plans_stream_id", "stream_id", postgresql_where=text("stream_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[PlanKind] = mapped_column(enum_column(PlanKind))
    stream_id: Mapped[UUID | None]
    practitioner_id: Mapped[UUID | None]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[int] = mapped_column(CheckConstraint("level >= 0", "level"))
    trial_days: Mapped[int] = mapped_column(CheckConstraint("trial_days >= 0", "trial_days"))
    features: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_active: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    prices: Mapped[list[PlanPrice]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=PlanPrice.interval
    )
