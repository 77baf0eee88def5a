"""The rule as conditions in SQL, and the levels that it needs."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, literal

from services.streams.entitlement.domain import FREE, Access, AccessInput, rule
from services.streams.follows.models import Follow
from services.streams.subscriptions.repository import Subscriptions, level_of
from shared.auth.verification import Caller
from shared.database.session import Session


def condition(columns: AccessInput, caller: Caller | None, now: datetime) -> Access:
    """Conditions on the table of posts whose columns these are, for the caller."""
    if caller is None:
        return rule(columns, None, literal(FREE), now)
    return rule(columns, caller.user_id, level_of(columns.stream_id, caller.user_id, now), now)


def followers_who_may_see(post: AccessInput, now: datetime) -> ColumnElement[bool]:
    """A condition on Follow, for the values of one post: its stream's followers who may see it."""
    level = level_of(post.stream_id, Follow.user_id, now)
    allowed: ColumnElement[bool] = rule(post, Follow.user_id, level, now).open
    of_stream: ColumnElement[bool] = Follow.stream_id == post.stream_id
    return of_stream & allowed


async def levels(session: Session, user_id: UUID | None, stream_ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """The user's level now in each of these streams where they have more than the free one."""
    in_force = await Subscriptions(session).in_force(user_id, stream_ids)
    return {stream_id: subscription.level for stream_id, subscription in in_force.items()}
