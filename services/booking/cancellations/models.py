"""Cancellations of confirmed bookings, and every refund that a booking saw."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.bookings.domain import Party
from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.money import Money
from shared.work.attempts import Retried


class Cancellation(Retried, Base):
    """One per cancelled booking; `id` is the operation that cancelled. `refunded_at`: payments did its part.

    `due_amount` is what the policy gives back; `card_amount` and `credits_amount` are how payments split it.
    A job asks payments again where the request could not.
    """

    __tablename__ = "cancellations"
    __table_args__ = (Index("ix_cancellations_open", "next_try_at", postgresql_where=text("refunded_at is null")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"), unique=True)
    cancelled_by: Mapped[Party] = mapped_column(enum_column(Party))
    reason: Mapped[str | None]
    due_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    card_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    credits_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    refunded_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those for which payments did not do its part yet."""
        return cls.refunded_at.is_(None)

    @property
    def due(self) -> Money:
        """What the policy gives back."""
        return Money(self.due_amount, self.currency)


class Refund(Base):
    """A refund that payments made on the booking's order, for whatever reason; `id` is payments' refund id.

    `card_amount` is zero once the card's part came back from the client's bank.
    """

    __tablename__ = "refunds"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"), index=True)
    card_amount: Mapped[int] = mapped_column(BigInteger)
    credits_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
