"""Whether the operator has switched writes off."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from shared.database.session import TIMESTAMPTZ


class ReadOnlySwitch(Base):
    """One row, once it was ever used. `changed_at` is machine time."""

    __tablename__ = "read_only_switch"
    __table_args__ = (CheckConstraint("id = 1", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_on: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
