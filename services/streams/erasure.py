"""What becomes of a closed account: its name goes, its streams are hidden; on erasure all that the user wrote goes."""

from uuid import UUID

from services.streams.comments.repository import remove_all
from services.streams.directory.repository import Users
from services.streams.follows.repository import Follows
from services.streams.polls.repository import Polls
from services.streams.reactions.repository import KINDS, Reactions
from services.streams.streams import service as streams
from shared.database import idempotency
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    await Users(session).deactivate(event.user_id)
    if event.erased:
        await _erase(session, event.user_id)


async def _erase(session: Session, user_id: UUID) -> None:
    await idempotency.forget(session, user_id)
    for stream_id in await streams.remove_all_of(session, user_id):
        await idempotency.forget(session, stream_id, mentions=True)
    await remove_all(session, user_id)
    await Polls(session).remove_all(user_id)
    await Follows(session).remove_all(user_id)
    for kind in KINDS:
        await Reactions(session, kind).remove_all(user_id)


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}
