"""The rule as conditions in SQL."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select

from services.streams.entitlement.domain import FREE, Access, AccessInput, rule
from services.streams.follows.models import Follow
from shared.auth.verification import Caller


def condition(columns: AccessInput, caller: Caller | None, now: datetime) -> Access:
    """Conditions on the table of posts whose columns these are, for the caller."""
    if caller is None:
        return rule(columns, None, literal(FREE), now)
    return rule(columns, caller.user_id, _level(columns, caller.user_id), now)


def followers_who_may_see(post: AccessInput, now: datetime) -> ColumnElement[bool]:
    """A condition on Follow, for the values of one post: its stream's followers who may see it."""
    allowed: ColumnElement[bool] = rule(post, Follow.user_id, Follow.tier_level, now).open
    of_stream: ColumnElement[bool] = Follow.stream_id == post.stream_id
    return of_stream & allowed


def _level(columns: AccessInput, user_id: UUID) -> ColumnElement[int]:
    own = select(Follow.tier_level).where(Follow.stream_id == columns.stream_id, Follow.user_id == user_id)
    return func.coalesce(own.correlate_except(Follow).scalar_subquery(), FREE)
