"""The table of what staff are to be notified of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class StaffNotification(Base):
    """What all staff are to be notified of; removed in the transaction that notifies them.

    `about` is whose data the parameters hold, where they hold somebody's.
    """

    __tablename__ = "staff_notifications"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cause: Mapped[str] = mapped_column(Text, unique=True)
    template: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, str]] = mapped_column(JSONB)
    data: Mapped[dict[str, str]] = mapped_column(JSONB)
    about: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
