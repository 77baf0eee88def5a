"""The table of calls to Stripe that move money."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.stripe.domain import LONGEST_REQUEST, CallOutcome, Purpose, may_repeat
from shared.database.session import TIMESTAMPTZ, enum_column


class ProviderCall(Base):
    """One attempt, with one key, at moving the money of our row `subject_id`. Times are machine time.

    `in_flight` counts requests whose end is unknown. `superseded`: the next call is a new attempt with a new key;
    until then the outcome is the answer to whoever calls again. `answer` is the object as Stripe first showed it.
    """

    __tablename__ = "provider_calls"
    __table_args__ = (
        CheckConstraint("(outcome = 'done') = (answer is not null)", "answer"),
        CheckConstraint("not (superseded and outcome = 'unknown')", "superseded"),
        Index("ix_provider_calls_unknown", "first_sent_at", postgresql_where=text("outcome = 'unknown'")),
        Index(
            "uq_provider_calls_current", "purpose", "subject_id", unique=True, postgresql_where=text("not superseded")
        ),
    )

    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    first_sent_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    last_sent_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    in_flight: Mapped[int] = mapped_column(CheckConstraint("in_flight >= 0", "in_flight"))
    key_spent: Mapped[bool]
    outcome: Mapped[CallOutcome] = mapped_column(enum_column(CallOutcome))
    superseded: Mapped[bool]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reason: Mapped[str | None]
    detail: Mapped[str | None]

    def must_be_looked_up(self, now: datetime) -> bool:
        """Whether only Stripe's lists can tell the outcome, since the key must not be sent again."""
        return self.outcome is CallOutcome.UNKNOWN and not may_repeat(self.first_sent_at, self.key_spent, now)

    def under_way(self, now: datetime) -> bool:
        """Whether a request may still be about to take effect."""
        return self.in_flight > 0 and now - self.last_sent_at < LONGEST_REQUEST
