"""The table of practitioners."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.base import Base
from services.catalog.practitioners.domain import ERASED_NAME, VerificationStatus
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class Practitioner(Base):
    """A person who sells services. `version` grows with each event; `note` is what staff wrote to them.

    `deactivated_at`: their account has ended, whatever staff had decided; only staff find them.
    """

    __tablename__ = "practitioners"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    bio: Mapped[str] = mapped_column(Text)
    specializations: Mapped[list[str]] = mapped_column(ARRAY(Text))
    timezone: Mapped[str] = mapped_column(String(64))
    status: Mapped[VerificationStatus] = mapped_column(enum_column(VerificationStatus))
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    deactivated_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @property
    def verification_status(self) -> VerificationStatus:
        """What the API calls the status."""
        return self.status

    @property
    def effective_status(self) -> VerificationStatus:
        """The status that counts for other services: without an account nobody is approved."""
        return self.status if self.deactivated_at is None else VerificationStatus.REJECTED

    @property
    def is_approved(self) -> bool:
        """Whether the public sees them and may book."""
        return self.status is VerificationStatus.APPROVED and self.deactivated_at is None

    def erase(self) -> None:
        """Removes everything that tells about the person."""
        self.display_name, self.bio, self.note, self.specializations = ERASED_NAME, "", None, []
