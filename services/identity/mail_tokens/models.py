"""The table of mails with tokens. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.mail_tokens.domain import MailKind
from shared.database.sealing import SEALED
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.clock import machine_now
from shared.records.ids import new_id


class MailToken(Base):
    """One mail. Its token follows from `id` (`shared.records.mail_tokens`), so that nothing secret is stored.

    `address` is where it goes. `user_id` is null until it is known whose the address of a reset is, and for an
    invitation, which need not be to somebody with an account; `session_id` is the
    sign-in session that asked for it, or that it reports. Nothing is sent before `announced_at`.

    Of the last mail to somebody who was erased the address is empty, and `recipient` has it, sealed.
    """

    __tablename__ = "mail_tokens"
    __table_args__ = (
        CheckConstraint(
            "user_id is not null or kind = 'accept_invitation' or (kind = 'reset_password' and announced_at is null)",
            "user",
        ),
        CheckConstraint("(kind = 'account_erased') = (recipient is not null)", "recipient"),
        CheckConstraint("used_at is null or superseded_at is null", "used"),
        Index("ix_mail_tokens_unannounced", "id", postgresql_where=text("announced_at IS NULL")),
        Index("ix_mail_tokens_expires_at", "expires_at"),
        Index(
            "ix_mail_tokens_undo",
            "address",
            postgresql_where=text("kind = 'undo_email' AND used_at IS NULL AND superseded_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[MailKind] = mapped_column(enum_column(MailKind))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.users.id"), index=True)
    address: Mapped[str] = mapped_column(CITEXT)
    session_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    announced_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    used_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    superseded_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    recipient: Mapped[bytes | None] = mapped_column(LargeBinary, info=SEALED)

    @property
    def is_void(self) -> bool:
        """Whether it is not to be sent any more, and its token refused: used, superseded or expired."""
        return self.used_at is not None or self.superseded_at is not None or machine_now() >= self.expires_at

    @property
    def is_confirmed(self) -> bool:
        """Whether its token was used, and is still within its time."""
        return self.used_at is not None and machine_now() < self.expires_at
