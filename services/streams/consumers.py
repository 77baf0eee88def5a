"""What streams does when identity and catalog report: it keeps short names, and forgets or hides who leaves."""

from uuid import UUID

from sqlalchemy import delete, select

from services.streams.comments.domain import short_name
from services.streams.comments.repository import People, remove_all_of
from services.streams.follows.repository import Follows
from services.streams.models import Stream
from services.streams.people.repository import Standing
from services.streams.posts.repository import Polls
from services.streams.reactions.repository import KINDS, Reactions
from shared.database import idempotency
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated, UserRegistered, UserUpdated


async def user_registered(session: Session, event: UserRegistered) -> None:
    await People(session).put(event.user_id, short_name(event.first_name, event.last_name))


async def user_updated(session: Session, event: UserUpdated) -> None:
    await People(session).put(event.user_id, short_name(event.first_name, event.last_name))


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """The name is forgotten, their streams are hidden; of who asked to be erased, all that they wrote and did goes."""
    await Standing(session).depart(event.user_id)
    if event.erased:
        await _erase(session, event.user_id)
    await People(session).forget(event.user_id)


async def _erase(session: Session, user_id: UUID) -> None:
    await idempotency.forget(session, user_id)
    for stream_id in (await session.scalars(select(Stream.id).where(Stream.owner_id == user_id))).all():
        await idempotency.forget(session, stream_id, mentions=True)
    await session.execute(delete(Stream).where(Stream.owner_id == user_id))
    await remove_all_of(session, user_id)
    await Polls(session).remove_all_of(user_id)
    await Follows(session).remove_all_of(user_id)
    for kind in KINDS:
        await Reactions(session, kind).remove_all_of(user_id)


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Without approval the streams are in no list; who follows them still reads them."""
    approved = event.verification_status == "approved"
    await Standing(session).put_approval(event.practitioner_id, event.version, is_approved=approved)


CONSUMERS: Consumers = {
    UserRegistered: user_registered,
    UserUpdated: user_updated,
    UserDeactivated: user_deactivated,
    PractitionerVerificationChanged: practitioner_verification_changed,
}
