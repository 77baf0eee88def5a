"""The table of preferences."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base
from services.notifications.preferences.domain import Topic
from shared.database.session import enum_column


class Preference(Base):
    """A person's choice for one topic; no row means that both channels are on."""

    __tablename__ = "preferences"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[Topic] = mapped_column(enum_column(Topic), primary_key=True)
    email: Mapped[bool]
    in_app: Mapped[bool]
