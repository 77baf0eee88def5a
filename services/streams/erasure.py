"""What becomes of a closed account: its name goes, its streams are hidden and sold no more.

On erasure all that the user wrote goes.
"""

from collections.abc import Collection
from uuid import UUID

from services.streams.comments.repository import remove_all
from services.streams.directory.repository import Users
from services.streams.follows.repository import Follows
from services.streams.polls.repository import Polls
from services.streams.reactions.repository import KINDS, Reactions
from services.streams.streams import service as streams
from services.streams.subscriptions.repository import Subscriptions
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import ErasureRequested, UserDeactivated


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    await Users(session).deactivate(event.user_id)
    await streams.withdraw_all_of(session, event.user_id)


async def erase(session: Session, event: ErasureRequested) -> Collection[UUID]:
    """All that the user wrote, follows and likes goes; the ids of their streams are given, which answers name."""
    user_id = event.user_id
    removed = await streams.remove_all_of(session, user_id)
    await remove_all(session, user_id)
    await Polls(session).remove_all(user_id)
    await Follows(session).remove_all(user_id)
    await Subscriptions(session).remove_all(user_id)
    for kind in KINDS:
        await Reactions(session, kind).remove_all(user_id)
    return removed


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}
