"""Use cases of following."""

from uuid import UUID

from services.streams.channels.domain import FREE
from services.streams.channels.repository import Streams, TierRows
from services.streams.errors import NotAvailable, UnknownTier
from services.streams.follows.repository import Follows
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import NotFound


async def follow(session: Session, who: Who, stream_id: UUID, level: int) -> tuple[int, bool]:
    """The caller's level in the stream, and whether they are new.

    Raises UnknownTier, and NotAvailable above level 0.
    """
    await Streams(session).get(stream_id, keep=True)
    if await TierRows(session).find(stream_id, level) is None:
        raise UnknownTier(field="tier_level")
    if level > FREE:
        raise NotAvailable(field="tier_level")
    if await Follows(session).add(stream_id, who.user_id, level):
        return level, True
    there = await Follows(session).find(stream_id, who.user_id)
    if there is None:
        raise NotFound("There is no such stream.")
    return there.tier_level, False


async def unfollow(session: Session, who: Who, stream_id: UUID) -> None:
    """Ends the following; a second time changes nothing."""
    await Streams(session).get(stream_id, keep=True)
    await Follows(session).remove(stream_id, who.user_id)
