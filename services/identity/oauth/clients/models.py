"""The table of clients. All times are machine time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.keys.domain import Algorithm
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class OAuthClient(Base):
    """An app. Its secret is known by its hash only; until `former_until` the one before is good too.

    `owner_id` is the account for which it speaks by client_credentials, in the session `session_id`.
    """

    __tablename__ = "oauth_clients"
    __table_args__ = (
        CheckConstraint("secret_hash is null or length(secret_hash) = 32", "secret_hash"),
        CheckConstraint("(former_hash is null) = (former_until is null)", "former"),
        CheckConstraint("cardinality(grant_types) > 0", "grant_types"),
        CheckConstraint("not (public and secret_hash is not null)", "public"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100))
    redirect_uris: Mapped[list[str]] = mapped_column(ARRAY(Text))
    post_logout_redirect_uris: Mapped[list[str]] = mapped_column(ARRAY(Text))
    backchannel_logout_uri: Mapped[str | None] = mapped_column(Text)
    initiate_login_uri: Mapped[str | None] = mapped_column(Text)
    grant_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity.users.id"), index=True)
    first_party: Mapped[bool]
    public: Mapped[bool]
    id_token_alg: Mapped[Algorithm] = mapped_column(enum_column(Algorithm))
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.sign_in_sessions.id", ondelete="SET NULL"), unique=True
    )
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
