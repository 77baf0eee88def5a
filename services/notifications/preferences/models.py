"""The table of preferences."""

from uuid import UUID

from sqlalchemy import Text
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


class MarketingConsent(Base):
    """Whether a person consents to news and offers by one channel, as identity's latest record says."""

    __tablename__ = "marketing_consents"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    consent_id: Mapped[UUID]
    is_given: Mapped[bool]
