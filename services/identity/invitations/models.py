"""The table of invitations. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.invitations.domain import InvitationStatus
from shared.database.session import TIMESTAMPTZ
from shared.records.clock import machine_now
from shared.records.ids import new_id


class Invitation(Base):
    """One invitation. `mail_id` is the mail whose token accepts it; a newer one to the same address takes its place."""

    __tablename__ = "staff_invitations"
    __table_args__ = (
        CheckConstraint("cardinality(roles) > 0", "roles"),
        CheckConstraint("accepted_at is null or withdrawn_at is null", "end"),
        CheckConstraint("(accepted_at is null) = (accepted_by is null)", "accepted_by"),
        Index(
            "uq_staff_invitations_open",
            "email",
            unique=True,
            postgresql_where=text("accepted_at is null and withdrawn_at is null"),
        ),
        Index("ix_staff_invitations_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(CITEXT)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    invited_by: Mapped[UUID]
    mail_id: Mapped[UUID] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    accepted_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("identity.users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @property
    def status(self) -> InvitationStatus:
        """What became of it until now."""
        if self.accepted_at is not None:
            return InvitationStatus.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationStatus.WITHDRAWN
        return InvitationStatus.EXPIRED if machine_now() >= self.expires_at else InvitationStatus.PENDING
