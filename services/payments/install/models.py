"""The table of the install: one row."""

from datetime import datetime

from sqlalchemy import CheckConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from shared.database.session import TIMESTAMPTZ


class Install(Base):
    """The one currency of everything that is posted here, and the machine time of the first start.

    `stripe_platform` is the Stripe account, and its mode, that everything stored here belongs to, once it is known.
    """

    __tablename__ = "install"

    id: Mapped[int] = mapped_column(SmallInteger, CheckConstraint("id = 1", "one"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), CheckConstraint("currency ~ '^[A-Z]{3}$'", "currency"))
    started_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    stripe_platform: Mapped[str | None]
