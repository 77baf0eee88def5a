"""The table of certificates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ


class Certificate(Base):
    """That a course was attended, given once per enrolment, with the share that was asked for.

    It keeps its number where a mark is changed afterwards; while too little is attended it is shown to nobody.
    """

    __tablename__ = "certificates"
    __table_args__ = (CheckConstraint("percent between 1 and 100", "percent"),)

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    percent: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
