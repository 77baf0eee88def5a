"""The table of waitlists."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from services.booking.waitlist_entries.domain import EntryStatus
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id

IS_OPEN = text("status in ('waiting', 'offered')")


class WaitlistEntry(Base):
    """One who waits for a seat of that service at that start; the first to come is the first to be offered one.

    While it is `offered` it holds seats (`WaitlistSeat`) until `offer_expires_at`, which `taken` of sessions counts.
    After `offers_until` no freed seat is offered to it. `booking_id` is what it became.
    """

    __tablename__ = "waitlist_entries"
    __table_args__ = (
        CheckConstraint("status <> 'offered' or offer_expires_at is not null", "offer"),
        CheckConstraint("(status = 'booked') = (booking_id is not null)", "booking"),
        Index("uq_waitlist_entries_open", "service_id", "start_time", "user_id", unique=True, postgresql_where=IS_OPEN),
        Index("ix_waitlist_entries_user_id", "user_id"),
        Index("ix_waitlist_entries_start_time", "start_time", postgresql_where=IS_OPEN),
        Index("ix_waitlist_entries_offered", "offer_expires_at", postgresql_where=text("status = 'offered'")),
        Index("ix_waitlist_entries_booking_id", "booking_id", postgresql_where=text("booking_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    user_id: Mapped[UUID]
    start_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    status: Mapped[EntryStatus] = mapped_column(enum_column(EntryStatus))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.bookings.id"))
    is_invited: Mapped[bool]
    offers_until: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    offer_expires_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class WaitlistSeat(Base):
    """A seat that is held for an entry while it is offered; it is gone with the offer."""

    __tablename__ = "waitlist_seats"
    __table_args__ = (Index("ix_waitlist_seats_session_id", "session_id"),)

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("booking.waitlist_entries.id"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("booking.sessions.id"), primary_key=True)
