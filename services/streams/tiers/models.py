"""The tiers, and what payments is still to learn of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import derived_id, new_id
from shared.records.money import Money
from shared.work.attempts import Retried


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


class PlanUpdate(Retried, Base):
    """What payments does not know yet of a paid tier: the plan as it is to be. Once payments has it the row goes.

    A later change of the tier takes the place of what was not sent; `version` is that of the stream's tiers. `is_gone`:
    so is its stream, and nobody is billed for the tier any more.
    """

    __tablename__ = "plan_updates"
    __table_args__ = (UniqueConstraint("stream_id", "level"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stream_id: Mapped[UUID]
    level: Mapped[int]
    practitioner_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(80))
    price_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    is_active: Mapped[bool]
    is_gone: Mapped[bool] = mapped_column(server_default=false())
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """All that are there."""
        return true()

    @property
    def plan_id(self) -> UUID:
        """The plan that it is about."""
        return plan_id_of(self.stream_id, self.level)

    @property
    def price(self) -> Money:
        """What a month costs."""
        return Money(self.price_amount, self.currency)


def plan_id_of(stream_id: UUID, level: int) -> UUID:
    """The plan of that tier at payments: the same for ever."""
    return derived_id(stream_id, "tier", str(level))
