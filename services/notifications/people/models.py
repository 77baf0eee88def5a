"""People as identity and catalog know them."""

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base
from shared.database.people import ClosedAccount


class Person(Base):
    """The address book: identity's users, as far as mail needs them."""

    __tablename__ = "people"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str | None] = mapped_column(Text)


class Practitioner(Base):
    """The name of a practitioner's profile, from catalog; a lower `version` never replaces a higher one."""

    __tablename__ = "practitioners"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str] = mapped_column(Text)
    version: Mapped[int]


class DeactivatedUser(ClosedAccount, Base):
    """An account that was deactivated: no name of it is stored again."""

    __tablename__ = "deactivated_users"
