"""The posts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.entitlement.domain import NEVER, AccessInput
from services.streams.models import Base
from services.streams.posts.domain import PostStatus, PostType
from shared.database.session import LEAVE_GENERATED, TIMESTAMPTZ, enum_column, generated
from shared.records.ids import new_id

HEAD = "title::text || ' '::text || COALESCE(teaser, ''::character varying)::text"
FOLDED_HEAD, FOLDED_WHOLE = f"streams.fold({HEAD})", f"streams.fold({HEAD} || ' '::text || body)"


class Post(Base):
    """What a creator publishes, with its poll. Who may see it is decided in `entitlement` alone.

    `published_at` is business time and null for a draft. `announced_up_to` is the last follower who was notified,
    `announced_at` when all were.
    """

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("(status = 'draft') = (published_at is null)", "published_at"),
        CheckConstraint("announced_at is null or status = 'published'", "announced"),
        ForeignKeyConstraint(
            ["stream_id", "owner_id"], ["streams.streams.id", "streams.streams.owner_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["stream_id", "tier_level"], ["streams.tiers.stream_id", "streams.tiers.level"]),
        Index("ix_posts_newest", "stream_id", text("published_at DESC"), text("id DESC")),
        Index("ix_posts_tier", "stream_id", "tier_level"),
        Index("ix_posts_due", "published_at", postgresql_where=text("status = 'scheduled'")),
        Index(
            "ix_posts_unannounced",
            "published_at",
            "id",
            postgresql_where=text("status = 'published' AND announced_at IS NULL"),
        ),
    )
    __mapper_args__ = LEAVE_GENERATED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stream_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, CheckConstraint("length(body) <= 10000", "body"))
    teaser: Mapped[str | None] = mapped_column(String(500))
    post_type: Mapped[PostType] = mapped_column(enum_column(PostType))
    tier_level: Mapped[int]
    status: Mapped[PostStatus] = mapped_column(enum_column(PostStatus))
    published_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    closes_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    announced_up_to: Mapped[UUID | None]
    announced_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    head: Mapped[str] = generated(Text(), FOLDED_HEAD)
    whole: Mapped[str] = generated(Text(), FOLDED_WHOLE)
    head_words: Mapped[str] = generated(TSVECTOR(), f"to_tsvector('english'::regconfig, {FOLDED_HEAD})")
    whole_words: Mapped[str] = generated(TSVECTOR(), f"to_tsvector('english'::regconfig, {FOLDED_WHOLE})")

    @property
    def access_input(self) -> AccessInput:
        """What decides who may see it; a draft is published never."""
        return AccessInput(self.stream_id, self.owner_id, self.published_at or NEVER, self.tier_level)
