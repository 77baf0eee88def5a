"""The table of practitioners."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.base import TRIGRAMS, Base
from services.catalog.practitioners.domain import VerificationStatus
from shared.database.session import LEAVE_GENERATED, TIMESTAMPTZ, enum_column, generated
from shared.events.catalog import ERASED_NAME
from shared.records.ids import new_id

FOLDED = "catalog.fold(display_name::text || ' '::text || catalog.joined(specializations))"
DOCUMENT = """
    setweight(to_tsvector('simple'::regconfig, catalog.fold(display_name::text)), 'A'::"char")
    || setweight(to_tsvector('english'::regconfig, catalog.fold(catalog.joined(specializations))), 'B'::"char")
    || setweight(to_tsvector('english'::regconfig, catalog.fold(bio)), 'C'::"char")
"""


class Practitioner(Base):
    """A person who sells services. `version` grows with each event; `note` is what staff wrote to them.

    `deactivated_at`: their account has ended, whatever staff had decided; only staff find them.
    `suspended_at`: the last time staff suspended it; null while it is not suspended.
    """

    __tablename__ = "practitioners"
    __table_args__ = (
        Index("ix_practitioners_status", "status", "created_at", "id"),
        Index("ix_practitioners_folded", "folded", postgresql_using="gin", postgresql_ops=TRIGRAMS),
        Index("ix_practitioners_document", "document", postgresql_using="gin"),
    )
    __mapper_args__ = LEAVE_GENERATED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    bio: Mapped[str] = mapped_column(Text, CheckConstraint("length(bio) <= 10000", "bio"))
    specializations: Mapped[list[str]] = mapped_column(ARRAY(Text))
    timezone: Mapped[str] = mapped_column(String(64))
    status: Mapped[VerificationStatus] = mapped_column(enum_column(VerificationStatus))
    note: Mapped[str | None] = mapped_column(Text, CheckConstraint("length(note) <= 2000", "note"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    suspended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    deactivated_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    folded: Mapped[str] = generated(Text(), FOLDED)
    document: Mapped[str] = generated(TSVECTOR(), DOCUMENT)

    @property
    def verification_status(self) -> VerificationStatus:
        """What the API calls the status."""
        return self.status

    @property
    def effective_status(self) -> VerificationStatus:
        """The status that counts for other services: a practitioner without an account is not approved."""
        return self.status if self.deactivated_at is None else VerificationStatus.REJECTED

    @property
    def is_approved(self) -> bool:
        """Whether the public sees them and may book."""
        usable = self.deactivated_at is None and self.suspended_at is None
        return self.status is VerificationStatus.APPROVED and usable

    def erase(self) -> None:
        """Removes all personal data."""
        self.display_name, self.bio, self.note, self.specializations = ERASED_NAME, "", None, []
        self.timezone = "UTC"
