"""Bodies of following."""

from uuid import UUID

from services.streams.tiers.schemas import Level
from shared.web.http import Body, View


class NewFollow(Body):
    """On which tier to follow; only level 0 is available now."""

    tier_level: Level


class FollowView(View):
    """A stream that the caller follows, and on which tier."""

    stream_id: UUID
    tier_level: int
