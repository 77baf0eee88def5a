"""The tables of browsers that are signed in, and of the sessions of apps."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base


class Browser(Base):
    """A browser that is signed in, known by the hash of its cookie. It is as long and as good as its session."""

    __tablename__ = "oauth_browsers"
    __table_args__ = (CheckConstraint("length(hash) = 32", "hash"),)

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.sign_in_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class AppSession(Base):
    """What a session of an app came of: the session of the browser in which it was allowed, null once that is gone.

    An offline one goes on when the browser is signed out.
    """

    __tablename__ = "oauth_sessions"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.sign_in_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    browser_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.sign_in_sessions.id", ondelete="SET NULL"), index=True
    )
    is_offline: Mapped[bool]
