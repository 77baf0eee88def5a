"""The streams."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from services.streams.tiers.domain import Offerer
from shared.database.session import LEAVE_GENERATED, TIMESTAMPTZ, generated
from shared.records.ids import new_id

FOLDED = "streams.fold(title::text || ' '::text || description)"


class Stream(Base):
    """A creator's publication. `tiers_version` grows with each change of its tiers."""

    __tablename__ = "streams"
    __table_args__ = (
        UniqueConstraint("id", "owner_id"),
        Index("ix_streams_created_at", "created_at", "id"),
        Index("ix_streams_owner_id", "owner_id"),
        Index("ix_streams_practitioner_id", "practitioner_id"),
        Index("ix_streams_folded", "folded", postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}),
        Index("ix_streams_words", "words", postgresql_using="gin"),
    )
    __mapper_args__ = LEAVE_GENERATED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, CheckConstraint("length(description) <= 10000", "description"))
    tiers_version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    folded: Mapped[str] = generated(Text(), FOLDED)
    words: Mapped[str] = generated(TSVECTOR(), f"to_tsvector('english'::regconfig, {FOLDED})")

    @property
    def offerer(self) -> Offerer:
        """Whose tiers are for sale, in the version of now."""
        return Offerer(self.id, self.practitioner_id, self.tiers_version)
