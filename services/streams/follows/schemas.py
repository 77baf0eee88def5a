"""Bodies about following."""

from uuid import UUID

from services.streams.channels.schemas import Level
from shared.web.http import Body, View


class NewFollow(Body):
    """On which level to follow; only level 0 can be had now."""

    tier_level: Level


class FollowView(View):
    """A stream that the caller follows, and on which level."""

    stream_id: UUID
    tier_level: int
