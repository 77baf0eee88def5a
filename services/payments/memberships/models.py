"""The tables of what memberships grant, and of what was paid with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from shared.database.session import TIMESTAMPTZ


class MembershipGrant(Base):
    """What one paid bill of a membership grants, once: the id follows from the order's.

    Its sessions are those of period `number`, from `start_at` to `end_at`; each pays a seat of a price up to
    `session_value`, and `used` of them have. Its credits are a grant of the same id. `taken_back_at`: the payment went
    back, and with it what was unspent. Amounts are minor units.
    """

    __tablename__ = "membership_grants"
    __table_args__ = (
        UniqueConstraint("order_id"),
        CheckConstraint("start_at < end_at", "end_at"),
        CheckConstraint("used between 0 and sessions", "used"),
        Index("ix_membership_grants_subscription_id", "subscription_id", "end_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("payments.subscriptions.id"))
    number: Mapped[int]
    order_id: Mapped[UUID]
    user_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(String(3))
    credits: Mapped[int] = mapped_column(BigInteger, CheckConstraint("credits >= 0", "credits"))
    sessions: Mapped[int] = mapped_column(CheckConstraint("sessions >= 0", "sessions"))
    used: Mapped[int] = mapped_column(server_default="0")
    session_value: Mapped[int] = mapped_column(BigInteger, CheckConstraint("session_value >= 0", "session_value"))
    start_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    end_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    taken_back_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class MembershipUse(Base):
    """The session that paid an order; `amount` is the price. `returned_at`: it went back to its grant."""

    __tablename__ = "membership_uses"
    __table_args__ = (Index("ix_membership_uses_grant_id", "grant_id"),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey("payments.orders.id"), primary_key=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey(MembershipGrant.id))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount > 0", "amount"))
    returned_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
