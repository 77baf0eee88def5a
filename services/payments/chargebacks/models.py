"""The table of disputes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.chargebacks.domain import ChargebackStatus
from shared.database.session import TIMESTAMPTZ, enum_column


class Chargeback(Base):
    """A dispute of an order's charge under Stripe's id; `amount` is what the client's bank asks back, minor units."""

    __tablename__ = "chargebacks"
    __table_args__ = (Index("ix_chargebacks_order_id", "order_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("payments.orders.id"))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger, CheckConstraint("amount >= 0", "amount"))
    reason: Mapped[str]
    status: Mapped[ChargebackStatus] = mapped_column(enum_column(ChargebackStatus))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
