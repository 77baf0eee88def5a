"""The table of mails."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.channels.mail.domain import Lane, MailStatus
from services.notifications.models import Base
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id
from shared.work.attempts import Retried


class Mail(Retried, Base):
    """A mail to be sent. It is rendered when it is sent, in the recipient's zone of that moment.

    A mail of another service (`mail_token_id`) has no recipient here: address and text are asked for when it is sent.

    It names the person `about` as that person is called then: `params` hold no names.
    `useful_until` is business time, after which it is dropped; `sent_at` is machine time. `last_error` also says why it
    was dropped.
    """

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("(status = 'sent') = (sent_at is not null)", "sent_at"),
        CheckConstraint("tries >= 0", "tries"),
        CheckConstraint("(user_id is null) = (mail_token_id is not null)", "recipient"),
        UniqueConstraint("user_id", "cause"),
        Index("ix_mails_due", "lane", "next_try_at", postgresql_where=text("status = 'pending'")),
        Index("ix_mails_booking_id", "booking_id", postgresql_where=text("status = 'pending'")),
        Index("ix_mails_about", "about", postgresql_where=text("about IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID | None]
    mail_token_id: Mapped[UUID | None] = mapped_column(unique=True)
    cause: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, str]] = mapped_column(JSONB)
    about: Mapped[UUID | None]
    lane: Mapped[Lane] = mapped_column(enum_column(Lane))
    booking_id: Mapped[UUID | None]
    status: Mapped[MailStatus] = mapped_column(enum_column(MailStatus), default=MailStatus.PENDING)
    useful_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    sent_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that are to be sent."""
        return cls.status == MailStatus.PENDING
