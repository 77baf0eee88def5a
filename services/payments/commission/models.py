"""What the rule engine knows of one practitioner."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from shared.database.session import TIMESTAMPTZ


class CommissionTerms(Base):
    """The rate that was agreed with one practitioner, if any."""

    __tablename__ = "commission_terms"

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    rate: Mapped[Decimal | None] = mapped_column(Numeric(5, 4), CheckConstraint("rate between 0 and 1", "rate"))
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
