"""The table of practitioners' subscriptions to plans of the platform, as payments publishes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.base import Base
from shared.database.session import TIMESTAMPTZ


class PlatformSubscription(Base):
    """What one subscription allows until `access_until` (None: nothing); no `service_limit`: any number."""

    __tablename__ = "platform_subscriptions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(index=True)
    service_limit: Mapped[int | None]
    access_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    version: Mapped[int]
