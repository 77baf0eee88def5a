"""The checkout saga's own table: one row per booking, from the first hold to a final state."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.booking.bookings.models import Booking
from services.booking.checkout.saga import State
from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ, enum_column


class Checkout(Base):
    """Where the checkout stands, and what it needs to go on from there.

    `credits_asked` is what the client wrote: "max", an amount, or nothing. From `attempt_at` (machine time) on a job
    may ask payments for what the state wants; `attempts` counts these tries and spaces them.
    """

    __tablename__ = "checkouts"
    __table_args__ = (
        Index(
            "ix_checkouts_open",
            "attempt_at",
            postgresql_where=text("state in ('ordering', 'expiring', 'cancelling', 'reclaiming', 'refunding')"),
        ),
    )

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"), primary_key=True)
    state: Mapped[State] = mapped_column(enum_column(State))
    credits_asked: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    attempts: Mapped[int] = mapped_column(default=0)
    attempt_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    booking: Mapped[Booking] = relationship(lazy="raise")
