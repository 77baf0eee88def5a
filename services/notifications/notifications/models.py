"""The table of notifications."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class StoredNotification(Base):
    """An entry of the in-app list. `cause` names the occasion: for one cause a person has one.

    The text of `template` with `params` names the person `about`: when that person is gone it is rendered anew.
    `template` is null in rows that are older than these columns, and name no person.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "cause"),
        Index("ix_notifications_user_id_created_at", "user_id", "created_at", "id"),
        Index("ix_notifications_unread", "user_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notifications_about", "about", postgresql_where=text("about IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    cause: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    template: Mapped[str | None] = mapped_column(Text)
    params: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    about: Mapped[UUID | None]
    read_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
