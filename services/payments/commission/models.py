"""What the rule engine knows of one practitioner."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from services.payments.commission.domain import Plan
from shared.database.session import TIMESTAMPTZ, enum_column


class CommissionTerms(Base):
    """A practitioner's plan and, where one was agreed, a rate of their own. Who has no row is on Free."""

    __tablename__ = "commission_terms"

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan: Mapped[Plan] = mapped_column(enum_column(Plan))
    rate: Mapped[Decimal | None] = mapped_column(Numeric(5, 4), CheckConstraint("rate between 0 and 1", "rate"))
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
