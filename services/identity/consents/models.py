"""The tables of documents and decisions. Rows are only added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.consents.domain import Decision
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import derived_id, new_id

DOCUMENTS = UUID("4f1f1c1e-5d0b-5c53-9d0f-8e1f2a7c6b11")


class ConsentDocument(Base):
    """A text that people agree to, in force from `effective_at` (business time) until a later version is."""

    __tablename__ = "consent_documents"
    __table_args__ = (
        CheckConstraint("version > 0", "version"),
        CheckConstraint("length(text) <= 100000", "text"),
    )

    purpose: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    required: Mapped[bool]
    effective_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @property
    def audit_id(self) -> UUID:
        """By which the audit log knows this version."""
        return derived_id(DOCUMENTS, self.purpose, str(self.version))


class Consent(Base):
    """One decision, in the order of `id`. With a scope it counts for that practitioner, booking or post alone."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("(scope_kind is null) = (scope_id is null)", "scope"),
        ForeignKeyConstraint(
            ["purpose", "version"], ["identity.consent_documents.purpose", "identity.consent_documents.version"]
        ),
        Index("ix_consents_user_id", "user_id", "purpose", text("id DESC")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    decision: Mapped[Decision] = mapped_column(enum_column(Decision))
    scope_kind: Mapped[str | None] = mapped_column(
        String(32), CheckConstraint("scope_kind in ('practitioner_id', 'booking_id', 'post_id')", "scope_kind")
    )
    scope_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @property
    def scope(self) -> dict[str, UUID] | None:
        """What it is limited to, as the API has it."""
        return None if self.scope_kind is None or self.scope_id is None else {self.scope_kind: self.scope_id}
