"""The table of what people allowed apps. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from shared.database.session import TIMESTAMPTZ


class AppGrant(Base):
    """The scopes that a person allowed a client, which is not asked for them again."""

    __tablename__ = "app_grants"
    __table_args__ = (CheckConstraint("cardinality(scopes) > 0", "scopes"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), primary_key=True)
    client_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.oauth_clients.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
