"""The tables of schema `streams`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.streams.posts.domain import PostStatus, PostType
from shared.database.session import TIMESTAMPTZ, enum_column, schema_metadata
from shared.records.ids import new_id
from shared.records.money import Money


class Base(DeclarativeBase):
    """Base of streams' tables."""

    metadata = schema_metadata("streams")


class Stream(Base):
    """A creator's place."""

    __tablename__ = "streams"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Tier(Base):
    """A level of a stream. Level 0 is free and every stream has it. `price_amount` in minor units."""

    __tablename__ = "tiers"

    stream_id: Mapped[UUID] = mapped_column(ForeignKey("streams.streams.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    price_amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))

    @property
    def price(self) -> Money:
        """What it costs."""
        return Money(self.price_amount, self.currency)


class Follow(Base):
    """A person follows a stream on one of its levels."""

    __tablename__ = "follows"

    stream_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    tier_level: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class StreamLike(Base):
    """A person likes a stream."""

    __tablename__ = "stream_likes"

    stream_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class StreamSave(Base):
    """A person keeps a stream for later."""

    __tablename__ = "stream_saves"

    stream_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Post(Base):
    """What a creator publishes, with its poll. Who may see it is decided in `entitlement`, nowhere else.

    `published_at` is business time and empty for a draft. `announced_up_to` is the last follower who was told,
    `announced_at` when all were.
    """

    __tablename__ = "posts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stream_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
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


class PostLike(Base):
    """A person likes a post."""

    __tablename__ = "post_likes"

    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class PollOption(Base):
    """One answer of a post's poll."""

    __tablename__ = "poll_options"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    post_id: Mapped[UUID]
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))


class Vote(Base):
    """A person's one vote in a post's poll."""

    __tablename__ = "votes"

    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    option_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Comment(Base):
    """On a post, or on the stream itself (no `post_id`). A comment with a parent is a reply and has none itself."""

    __tablename__ = "comments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stream_id: Mapped[UUID]
    post_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    author_id: Mapped[UUID]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Person(Base):
    """The short name of somebody who wrote: first name and an initial. None until identity was asked or has told."""

    __tablename__ = "people"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str | None] = mapped_column(String(120))


class Departure(Base):
    """A deactivated account. Never removed: an account does not come back."""

    __tablename__ = "departures"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Approval(Base):
    """Whether staff lets a practitioner sell; a lower `version` never replaces a higher one."""

    __tablename__ = "approvals"

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_approved: Mapped[bool]
