"""Use cases of streams."""

from typing import cast
from uuid import UUID

from services.streams.comments.domain import CommentTarget
from services.streams.follows.repository import Follows
from services.streams.reactions.repository import Kind, Reactions
from services.streams.streams.models import Stream
from services.streams.streams.repository import Streams
from services.streams.streams.schemas import NewStream, StreamChange
from services.streams.subscriptions.errors import StreamInUse, SubscriptionActive
from services.streams.subscriptions.repository import Subscriptions
from services.streams.tiers import service as tiers
from services.streams.tiers.errors import NotAvailable
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.streams import PostDeleted
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.records.money import Money, check_amount


async def create(session: Session, caller: Caller, given: NewStream, currency: str) -> Stream:
    """Opens a stream; raises Invalid on tiers that cannot be."""
    now = session.now()
    stream = Stream(
        id=new_id(),
        practitioner_id=cast(UUID, caller.practitioner_id),
        owner_id=caller.user_id,
        title=given.title,
        description=given.description,
        created_at=now,
        updated_at=now,
    )
    session.add(stream)
    await session.flush()
    await tiers.replace(session, stream.offerer, given.tiers, currency)
    return stream


async def change(session: Session, stream_id: UUID, caller: Caller, given: StreamChange, currency: str) -> Stream:
    """Changes what is given of one's own stream; raises NotFound, TierInUse, Invalid on tiers that cannot be."""
    stream = await Streams(session).get_own(stream_id, caller)
    for name, value in given.model_dump(exclude_none=True, include={"title", "description"}).items():
        setattr(stream, name, value)
    stream.updated_at = session.now()
    if given.tiers is not None:
        stream.tiers_version += 1
        await tiers.replace(session, stream.offerer, given.tiers, currency)
    await session.flush()
    return stream


async def remove(session: Session, stream_id: UUID, caller: Caller) -> None:
    """Deletes one's own stream with its posts, their comments, and its followers; raises NotFound, StreamInUse."""
    stream = await Streams(session).get_own(stream_id, caller, for_deletion=True)
    if await Subscriptions(session).has_living(stream_id):
        raise StreamInUse
    await _remove(session, stream)


async def remove_all_of(session: Session, owner_id: UUID) -> list[UUID]:
    """Deletes all streams of an owner who was erased, and returns their ids."""
    streams = await Streams(session).lock_all_of(owner_id)
    for stream in streams:
        await _remove(session, stream)
    return [stream.id for stream in streams]


async def withdraw_all_of(session: Session, owner_id: UUID) -> None:
    """Nothing of a closed account is sold any more, nor billed."""
    for stream in await Streams(session).lock_all_of(owner_id):
        await _withdraw(session, stream)


async def _withdraw(session: Session, stream: Stream) -> None:
    stream.tiers_version += 1
    await tiers.withdraw(session, stream.offerer)


async def _remove(session: Session, stream: Stream) -> None:
    await _withdraw(session, stream)
    for post_id in await Streams(session).remove(stream):
        emit(session, PostDeleted(post_id=post_id, stream_id=stream.id))


async def tip(session: Session, stream_id: UUID, amount: Money, currency: str) -> None:
    """Raises NotFound, and NotAvailable for every stream: tips cannot be bought yet."""
    await Streams(session).get(stream_id)
    check_amount(amount, currency, "amount")
    raise NotAvailable


async def follow(session: Session, stream_id: UUID, user_id: UUID) -> bool:
    """Follows the stream on its free tier; whether the user is new. Raises NotFound."""
    await Streams(session).get(stream_id, lock=True)
    return await Follows(session).add(stream_id, user_id)


async def unfollow(session: Session, stream_id: UUID, caller: Caller) -> None:
    """Ends the following; again changes nothing. Raises NotFound, SubscriptionActive."""
    await Streams(session).get(stream_id, lock=True)
    if await Subscriptions(session).has_living(stream_id, caller.user_id):
        raise SubscriptionActive
    await Follows(session).remove(stream_id, caller.user_id)


async def react(session: Session, stream_id: UUID, caller: Caller, kind: Kind) -> None:
    """Likes or saves a stream; again changes nothing. Raises NotFound."""
    await Streams(session).get(stream_id, lock=True)
    await Reactions(session, kind).add(stream_id, caller.user_id)


async def take_back(session: Session, stream_id: UUID, caller: Caller, kind: Kind) -> None:
    """No longer likes or saves a stream; again changes nothing. Raises NotFound."""
    await Streams(session).get(stream_id, lock=True)
    await Reactions(session, kind).remove(stream_id, caller.user_id)


async def comment_target(session: Session, stream_id: UUID, *, lock: bool = True) -> CommentTarget:
    """The stream itself; raises NotFound. With `lock` it cannot be deleted until the commit."""
    stream = await Streams(session).get(stream_id, lock=lock)
    return CommentTarget(stream.id, stream.owner_id, stream.title)
