"""The tiers."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.records.money import Money


class Tier(Base):
    """A level of a stream. Level 0 is free, and every stream has it. `price_amount` in minor units."""

    __tablename__ = "tiers"
    __table_args__ = (CheckConstraint("level > 0 or price_amount = 0", "free"),)

    stream_id: Mapped[UUID] = mapped_column(ForeignKey("streams.streams.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int] = mapped_column(CheckConstraint("level between 0 and 100", "level"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    price_amount: Mapped[int] = mapped_column(
        BigInteger, CheckConstraint("price_amount between 0 and 99999999", "price")
    )
    currency: Mapped[str] = mapped_column(String(3))

    @property
    def price(self) -> Money:
        """The price as Money."""
        return Money(self.price_amount, self.currency)
