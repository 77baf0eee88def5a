"""Tables of holds: a row for each time that a cause began to hold something. Whoever changes one has the locks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.holds.domain import HoldCause
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id

OPEN = text("ended_at is null")


class ServiceHold(Base):
    """A cause of another service, under the id that the service gives it; locked by whoever opens or ends it.

    No `cause`: its end was asked for first, and it will never hold anything.
    """

    __tablename__ = "service_holds"
    __table_args__ = (CheckConstraint("cause is not null or ended_at is not null", "ended"),)

    cause_id: Mapped[UUID] = mapped_column(primary_key=True)
    cause: Mapped[HoldCause | None] = mapped_column(enum_column(HoldCause))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class EarningHold(Base):
    """Nothing that the line earned, or will earn, is paid out while this is open.

    `cause_id` is the id of what holds it, Stripe's for a chargeback.
    """

    __tablename__ = "earning_holds"
    __table_args__ = (
        CheckConstraint("ended_at >= opened_at", "ended"),
        Index("uq_earning_holds_open", "line_id", "cause", "cause_id", unique=True, postgresql_where=OPEN),
        Index("ix_earning_holds_cause_id", "cause_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("payments.order_lines.id"))
    cause: Mapped[HoldCause] = mapped_column(enum_column(HoldCause))
    cause_id: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class PayoutHold(Base):
    """No payout of the practitioner is asked for or approved while this is open; earnings keep their status.

    A suspension has the practitioner's id as its own; its times are those at which staff decided.
    """

    __tablename__ = "payout_holds"
    __table_args__ = (
        CheckConstraint("ended_at >= opened_at", "ended"),
        Index("uq_payout_holds_open", "practitioner_id", "cause", "cause_id", unique=True, postgresql_where=OPEN),
        Index("ix_payout_holds_cause_id", "cause_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    cause: Mapped[HoldCause] = mapped_column(enum_column(HoldCause))
    cause_id: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
