"""Bodies of streams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints

from services.streams.streams.models import Stream
from services.streams.tiers.models import Tier
from services.streams.tiers.schemas import NewTiers, TierView
from shared.records.money import PositiveMoney
from shared.web.bodies import UNCHANGED
from shared.web.http import Body, LongText, Text, UtcTime, View

Title = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Description = Annotated[LongText, StringConstraints(max_length=10_000)]


class NewStream(Body):
    """A stream to open. Level 0 is added where it is not named."""

    title: Title
    description: Description
    tiers: NewTiers


class StreamChange(Body):
    """What is left out stays, null is refused; `tiers` replaces all of them."""

    title: Title = UNCHANGED
    description: Description = UNCHANGED
    tiers: NewTiers = UNCHANGED


class NewTip(Body):
    """The amount to give."""

    amount: PositiveMoney


@dataclass(frozen=True, slots=True)
class ViewerState:
    """What one caller has done with a stream."""

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
    def of(cls, stream: Stream, tiers: Sequence[Tier], counts: Mapping[str, int], viewer: ViewerState) -> Self:
        """The stream with its tiers, lowest first."""
        return cls.showing(
            stream,
            **counts,
            tiers=[TierView.model_validate(tier) for tier in sorted(tiers, key=lambda tier: tier.level)],
            liked=viewer.liked,
            saved=viewer.saved,
            subscribed_level=viewer.subscribed_level,
        )
