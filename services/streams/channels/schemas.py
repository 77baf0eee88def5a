"""Bodies about streams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, Strict, StringConstraints

from services.streams.channels.domain import HIGHEST_LEVEL, MOST_TIERS
from services.streams.models import Stream, Tier
from shared.records.money import Money, PositiveMoney, Price
from shared.web.http import Body, LongText, Text, UtcTime, View

Title = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Description = Annotated[LongText, StringConstraints(max_length=10_000)]
TierName = Annotated[Text, StringConstraints(min_length=1, max_length=80)]
Level = Annotated[int, Strict(), Field(ge=0, le=HIGHEST_LEVEL)]


class NewTier(Body):
    """A level with its name and price; level 0 costs nothing."""

    name: TierName
    level: Level
    price: Price


Tiers = Annotated[list[NewTier], Field(max_length=MOST_TIERS)]


class NewStream(Body):
    """A stream to open. Level 0 is added where it is not named."""

    title: Title
    description: Description
    tiers: Tiers


class StreamChange(Body):
    """What is left out or null stays; `tiers` replaces all of them."""

    title: Title | None = None
    description: Description | None = None
    tiers: Tiers | None = None


class NewTip(Body):
    """What somebody would like to give."""

    amount: PositiveMoney


class TierView(View):
    """A tier as everyone sees it."""

    name: str
    level: int
    price: Money


@dataclass(frozen=True, slots=True)
class Own:
    """What one caller has to do with a stream."""

    liked: bool = False
    saved: bool = False
    subscribed_level: int | None = None


class StreamView(View):
    """A stream as the caller sees it. `subscribed_level` is the caller's own tier, null without one."""

    id: UUID
    practitioner_id: UUID
    title: str
    description: str
    tiers: list[TierView]
    like_count: int
    liked: bool
    saved: bool
    follower_count: int
    comment_count: int
    subscribed_level: int | None
    created_at: UtcTime
    updated_at: UtcTime

    @classmethod
    def of(cls, stream: Stream, tiers: Sequence[Tier], counts: Mapping[str, int], own: Own) -> Self:
        """The stream with its tiers, lowest first."""
        facts = ("id", "practitioner_id", "title", "description", "created_at", "updated_at")
        return cls(
            **{name: getattr(stream, name) for name in facts},
            **counts,
            tiers=[TierView.model_validate(tier) for tier in sorted(tiers, key=lambda tier: tier.level)],
            liked=own.liked,
            saved=own.saved,
            subscribed_level=own.subscribed_level,
        )
